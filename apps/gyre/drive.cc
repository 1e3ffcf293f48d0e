// gyre drive: a robot in real time, by a policy, with people who watch, order and judge.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "drive_robot.h"
#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/run/journal_sink.h"
#include "gyre/run/session.h"
#include "gyre/run/threaded_port.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct DriveOptions {
  std::string robot;
  std::string policy = "assets/policies/nano";
  std::string journal, json;
  DriveScene scene;
  int rate = 100;
  double seconds = 0;
  run::LoopConfig loop;
  run::RealTimeOptions real_time;
  infer::EngineOptions engine;
};

// The side of the pictures that the policy was trained on.
int image_size_for(const infer::Engine& engine, const std::string& robot) {
  constexpr int kOtherwise = 64;
  const auto& known = engine.checkpoint().embodiments;
  const auto found = known.find(contract_of(robot, kOtherwise).name);
  if (found == known.end() || found->second.contract.cameras.empty()) return kOtherwise;
  return found->second.contract.cameras.front().width;
}

std::unique_ptr<run::PolicyPort> make_port(const infer::Engine& engine, const Embodiment& contract,
                                           const run::LoopConfig& loop) {
  return std::make_unique<run::ThreadedPort>(
      run::EngineClient(engine, contract,
                        {.think = loop.think,
                         .flow_steps = loop.flow_steps,
                         .method = run::join_method(loop.method),
                         .draws = loop.draws}),
      contract);
}

void watch(run::Session& session) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  for (int round = 0; session.running() && !stop_requested(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (terminal) {
      fmt::print(stderr, "\r\033[K{}", run::status_line(session.status()));
    } else if (round % 10 == 9) {
      fmt::print(stderr, "{}\n", run::status_line(session.status()));
    }
  }
  if (terminal) fmt::print(stderr, "\n");
}

nlohmann::json facts(const run::Session& session) {
  const run::LoopStatus status = session.status();
  return {{"ticks", session.ticks()},
          {"held_ticks", session.held_ticks()},
          {"episodes", status.verdicts},
          {"successes", status.successes},
          {"dropped_chunks", status.dropped_chunks},
          {"failed_inferences", status.failed_inferences},
          {"lost_records", status.lost_records}};
}

void run_drive(DriveOptions& options) {
  options.loop.real_time = true;
  options.loop.validate();
  options.robot = full_robot_name(options.robot);
  require_folder("policy", options.policy);
  const auto engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
  const DrivenRobot robot = open_robot(options.robot, options.scene,
                                       image_size_for(*engine, options.robot), 1.0 / options.rate);
  run::Bench& bench = *robot.bench;
  const auto port = make_port(*engine, bench.robot().embodiment(), options.loop);

  run::SessionOptions how{.loop = options.loop,
                          .real_time = options.real_time,
                          .seconds = options.seconds,
                          .policy = engine->checkpoint().folder.string(),
                          .policy_hash = engine->checkpoint().policy_hash};
  std::optional<data::JournalFolder> journal;
  std::optional<run::JournalSink> sink;
  if (!options.journal.empty()) {
    journal.emplace(options.journal, data::JournalFolder::Mode::kContinue);
    how.first_episode = journal->next_number();
    sink.emplace(*journal, bench.clock(), data::JournalOptions::Naming::kInOrder);
  }
  run::Session session(bench, port.get(), how, robot.next);
  if (sink) session.add(*sink);
  for (const std::string& refused : session.begin().refused) {
    fmt::print(stderr, "warning: {}\n", refused);
  }
  watch(session);
  session.end();
  const nlohmann::json json = facts(session);
  print_result(fmt::format("{} of {} episodes succeeded, {} control periods, {} held\n",
                           json["successes"].get<int64_t>(), json["episodes"].get<int64_t>(),
                           session.ticks(), session.held_ticks()),
               json, options.json);
}

}  // namespace

void add_drive(CLI::App& app) {
  const auto options = std::make_shared<DriveOptions>();
  CLI::App* verb = app.add_subcommand("drive", "drive a robot in real time; see docs/driving.md");
  verb->add_option("--robot", options->robot,
                   "a robot's name or folder, or sim:so101 for the kitchen by the wall clock")
      ->required()
      ->type_name("NAME|DIR");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_option("--prompt", options->scene.words, "what to do, in your own words")
      ->type_name("WORDS");
  verb->add_option("--task", options->scene.task, "simulated: one task by name (`gyre sim --list`)")
      ->type_name("NAME");
  verb->add_option("--suite", options->scene.suite, "simulated: tasks one after another")
      ->type_name("NAME");
  verb->add_option("--seed", options->scene.seed, "simulated: draws the scenes")
      ->check(at_least(0))
      ->type_name("INT");
  verb->add_option("--journal", options->journal,
                   "record the whole run in this journal folder; one that exists is added to")
      ->type_name("DIR");
  verb->add_option("--rate", options->rate, "control periods a second")
      ->check(CLI::Range(50, 1000))
      ->type_name("INT");
  verb->add_option("--seconds", options->seconds, "end by itself after so long; 0: go on")
      ->check(at_least(0))
      ->type_name("S");
  verb->add_option("--priority", options->real_time.priority,
                   "of the control thread (SCHED_FIFO); 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("INT");
  verb->add_option("--affinity", options->real_time.affinity,
                   "processors that the control thread may use")
      ->delimiter(',')
      ->type_name("N,N,...");
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->loop);
  verb->callback([options, resolve] {
    resolve();
    run_drive(*options);
  });
}

}  // namespace gyre::apps
