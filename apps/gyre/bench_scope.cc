// gyre bench scope: how often the scope's bounds hold, and the failures that it saves.
#include "bench_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_facts.h"
#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/scope_study.h"
#include "gyre/infer/engine.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "scope_tasks.h"

namespace gyre::apps {
namespace {

struct BenchScopeOptions {
  flywheel::ScopeStudyConfig study;
  std::string policy, ledger, json;
  int workers = 0;
  infer::EngineOptions engine;
};

void check(const flywheel::ScopeStudyConfig& study) {
  const bool counts = study.worlds > 0 && study.attempts > 0 && study.fresh > 0 &&
                      study.streams > 0 && study.stream > 0 && study.every > 0;
  if (!counts) throw Error("bench scope", "there is nothing to draw", "give numbers above 0");
  if (!(study.person >= 0 && study.person <= 1)) throw Error("--person", "is a rate: from 0 to 1");
}

nlohmann::json drawn(const flywheel::ScopeStudyConfig& config) {
  nlohmann::json study = flywheel::study_scope_bounds(config);
  Progress progress("streams", 2 * config.streams, "streams");
  study.update(
      flywheel::study_scope_streams(config, [&](int64_t done, int64_t) { progress.update(done); }));
  return study;
}

std::vector<flywheel::CellEvidence> evidence_in(const std::string& ledger,
                                                const std::string& policy) {
  std::vector<flywheel::CellEvidence> evidence;
  if (ledger.empty()) return evidence;
  if (!std::filesystem::is_regular_file(ledger)) throw Error(ledger, "no such ledger");
  for (const flywheel::ScopeRow& row : flywheel::read_scope(ledger, policy, false, {}).rows) {
    evidence.push_back({.cell = row.cell, .attempts = row.attempts, .successes = row.successes});
  }
  return evidence;
}

// The order and cells of a drawn stream, dealt in the kitchen.
std::vector<run::Attempt> attempts_of(const sim::KitchenArena& arena,
                                      const std::vector<flywheel::StreamAttempt>& stream,
                                      uint64_t seed) {
  std::vector<run::Attempt> attempts;
  for (size_t i = 0; i < stream.size(); ++i) {
    attempts.push_back(
        arena.attempt(flywheel::task_of(stream[i].cell), stream[i].cell.robot,
                      Rng::stream(seed, fmt::format("streamed {}", i)).bits() >> 11));
  }
  return attempts;
}

// A stream of attempts that are made: by the policy, and by the scripted expert as the person.
nlohmann::json made(const BenchScopeOptions& options) {
  require_folder("policy", options.policy);
  const auto engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
  const sim::KitchenArena arena;
  std::vector<flywheel::TrueCell> cells;
  for (const flywheel::ScopeTask& task : kitchen_tasks()) {
    for (const std::string& robot : kitchen_robots(engine->checkpoint())) {
      cells.push_back({.cell = flywheel::scope_cell(task.name, robot), .suite = task.suite});
    }
  }
  const flywheel::ScopeStudyConfig& study = options.study;
  std::vector<flywheel::StreamAttempt> stream =
      flywheel::drawn_stream(cells, study.stream, 0, study.seed);
  const std::vector<run::Attempt> attempts = attempts_of(arena, stream, study.seed);
  const auto make = [&](run::Driver driver, const char* what, bool flywheel::StreamAttempt::*to) {
    run::AttemptOptions how{.driver = driver};
    const bool whole = run::make_attempts(arena, engine.get(), attempts, how, options.workers, what,
                                          [&](int64_t index, run::AttemptResult&& result) {
                                            stream[static_cast<size_t>(index)].*to =
                                                result.episode.success.value_or(false);
                                            return true;
                                          });
    if (!whole) throw Interrupted("bench scope", "was interrupted", "start it again");
  };
  make(run::Driver::kPolicy, "the policy", &flywheel::StreamAttempt::policy_succeeds);
  make(run::Driver::kExpert, "the person", &flywheel::StreamAttempt::person_succeeds);
  const auto evidence = evidence_in(options.ledger, engine->checkpoint().policy_hash);
  int64_t most = 0;
  for (const flywheel::CellEvidence& each : evidence) most = std::max(most, each.attempts);
  nlohmann::json row = flywheel::run_stream(stream, evidence, study.every);
  row["evidence"] = most;
  row["runs"] = 1;
  return {{"streams", {row}}, {"policy", engine->checkpoint().policy_hash}};
}

}  // namespace

void add_bench_scope(CLI::App& bench) {
  const auto options = std::make_shared<BenchScopeOptions>();
  CLI::App* verb = bench.add_subcommand(
      "scope", "how often the scope's bounds hold, and the failures that it saves");
  verb->add_option("--policy", options->policy,
                   "make the stream's attempts in simulation instead of drawing their outcomes")
      ->type_name("DIR");
  verb->add_option("--ledger", options->ledger, "with --policy: its evidence to begin with")
      ->type_name("FILE");
  verb->add_option("--workers", options->workers, "attempts made at once (0: one a core)")
      ->check(at_least(0))
      ->type_name("N");
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->study);
  verb->callback([options, resolve] {
    resolve();
    check(options->study);
    nlohmann::json study = options->policy.empty() ? drawn(options->study) : made(*options);
    study["commit"] = bench_commit();
    study["seed"] = options->study.seed;
    print_result(flywheel::scope_study_table(study), study, options->json);
  });
}

}  // namespace gyre::apps
