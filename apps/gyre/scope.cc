// gyre scope: the tasks that a policy may do alone, by the attempts that were made.
#include "gyre/flywheel/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/scope_measure.h"
#include "gyre/infer/engine.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/suite.h"
#include "options.h"
#include "scope_tasks.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct ScopeVerb {
  std::string policy, runs = "runs", json;
  std::vector<std::string> robots, suites = sim::suite_names();
  std::vector<double> speeds = {1};
  bool real = false;
  std::string words, robot;  // of ask
  double speed = 1;
  flywheel::ScopeMeasureConfig measure;
  infer::EngineOptions engine;
};

fs::path ledger_of(const ScopeVerb& verb) { return fs::path(verb.runs) / flywheel::kLedgerFile; }

// The policy that was named, else the one in use, else the one that comes with the program.
std::string policy_of(const ScopeVerb& verb) {
  if (!verb.policy.empty()) return verb.policy;
  const fs::path current = fs::path(verb.runs) / flywheel::kCurrent;
  return fs::is_directory(current) ? current.string() : "assets/policies/nano";
}

Checkpoint open_policy(const ScopeVerb& verb) {
  const std::string policy = policy_of(verb);
  if (!fs::is_directory(policy) && flywheel::is_policy_hash(policy)) {
    return flywheel::entered_policy(verb.runs, policy);
  }
  require_folder("policy", policy);
  Checkpoint opened = Checkpoint::open(policy);
  opened.hash_weights();
  return opened;
}

std::vector<std::string> robots_of(const ScopeVerb& verb, const Checkpoint& policy) {
  if (verb.robots.empty()) return kitchen_robots(policy);
  std::vector<std::string> robots;
  for (const std::string& robot : verb.robots) robots.push_back(full_embodiment_name(robot));
  return robots;
}

flywheel::Scope scope_of(const ScopeVerb& verb, const Checkpoint& policy,
                         const std::vector<std::string>& robots,
                         const std::vector<double>& speeds) {
  return flywheel::read_scope(ledger_of(verb), policy.policy_hash, verb.real,
                              flywheel::scope_cells(kitchen_tasks(verb.suites), robots, speeds));
}

void show(const ScopeVerb& verb) {
  const Checkpoint policy = open_policy(verb);
  const flywheel::Scope scope = scope_of(verb, policy, robots_of(verb, policy), {1});
  print_result(flywheel::scope_table(scope), scope, verb.json);
}

void ask(const ScopeVerb& verb) {
  const Checkpoint policy = open_policy(verb);
  const std::string robot = full_embodiment_name(verb.robot);
  std::vector<std::string> robots = kitchen_robots(policy);
  if (std::ranges::find(robots, robot) == robots.end()) robots.push_back(robot);
  const flywheel::ScopeAnswer answer =
      flywheel::ask_scope(scope_of(verb, policy, robots, {verb.speed}),
                          flywheel::ScopeWords(kitchen_tasks()), verb.words, robot, verb.speed);
  print_result(fmt::format("{}: {}\n", flywheel::verdict_name(answer.verdict), answer.reason),
               answer, verb.json);
}

void measure(ScopeVerb& verb) {
  const std::string folder = policy_of(verb);
  require_folder("policy", folder);
  const auto engine = infer::open_engine(folder, nullptr, {}, verb.engine);
  const std::vector<std::string> robots = robots_of(verb, engine->checkpoint());
  if (verb.measure.attempts < 1) throw Error("--attempts", "is below 1");
  verb.measure.loop.validate();
  const sim::KitchenArena arena;
  const auto attempts = flywheel::scope_attempts(
      arena, flywheel::scope_cells(kitchen_tasks(verb.suites), robots, verb.speeds),
      verb.measure.attempts, verb.measure.seed);
  flywheel::enter_policy(verb.runs, folder);
  flywheel::Ledger ledger(ledger_of(verb));
  const bool complete = flywheel::measure_scope(arena, *engine, attempts, verb.measure, ledger);
  const flywheel::Scope scope = scope_of(verb, engine->checkpoint(), robots, verb.speeds);
  print_result(flywheel::scope_table(scope), scope, verb.json);
  if (!complete) {
    throw Interrupted("scope measure", "was interrupted; what was measured is kept",
                      "the same command goes on");
  }
}

void add_common(CLI::App& verb, ScopeVerb& options) {
  verb.add_option("--policy", options.policy,
                  "folder, or hash in the ledger; without: the one in use, else "
                  "assets/policies/nano")
      ->type_name("DIR|HASH");
  verb.add_option("--runs", options.runs, "folder of runs, with its ledger")->type_name("DIR");
  add_json_option(verb, options.json);
}

void add_cells(CLI::App& verb, ScopeVerb& options) {
  verb.add_option("--robots", options.robots, "without: those that the policy knows")
      ->delimiter(',')
      ->type_name("NAME,...");
  verb.add_option("--suites", options.suites, "tasks of these")
      ->delimiter(',')
      ->type_name("NAME,...");
}

}  // namespace

void add_scope(CLI::App& app) {
  const auto options = std::make_shared<ScopeVerb>();
  CLI::App* verb = app.add_subcommand(
      "scope", "the tasks that a policy may do alone, by evidence; see docs/scope.md");
  verb->require_subcommand(0, 1);
  add_common(*verb, *options);
  add_cells(*verb, *options);
  verb->add_flag("--real", options->real, "evidence of real robots in place of simulated ones");

  CLI::App* asked = verb->add_subcommand("ask", "may the policy do what these words ask for?");
  add_common(*asked, *options);
  asked->add_option("WORDS", options->words, "a task in your own words")->required()->type_name("");
  asked->add_option("--robot", options->robot, "that shall do it")->required()->type_name("NAME");
  asked->add_option("--speed", options->speed, "times the demonstrated: 1, 1.25 or 1.5")
      ->type_name("X");
  asked->add_flag("--real", options->real, "the robot is real, not simulated");
  asked->callback([options] { ask(*options); });

  CLI::App* measured = verb->add_subcommand(
      "measure", "make attempts in simulation as evidence; the same command goes on");
  add_common(*measured, *options);
  add_cells(*measured, *options);
  measured->add_option("--speeds", options->speeds, "times the demonstrated: 1, 1.25, 1.5")
      ->delimiter(',')
      ->type_name("X,...");
  add_engine_flags(*measured, options->engine);
  const auto resolve = add_config(*measured, options->measure);
  measured->callback([options, resolve] {
    resolve();
    measure(*options);
  });

  verb->callback([options, verb] {
    if (verb->get_subcommands().empty()) show(*options);
  });
}

}  // namespace gyre::apps
