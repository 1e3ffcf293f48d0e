#include "gyre/flywheel/turn.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "gyre/flywheel/stages/bench.h"
#include "gyre/flywheel/stages/collect.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/stages/evaluate.h"
#include "gyre/flywheel/stages/film.h"
#include "gyre/flywheel/stages/gate.h"
#include "gyre/flywheel/stages/learn.h"
#include "gyre/flywheel/stages/promote.h"
#include "gyre/flywheel/stages/store.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The recipe's policy, how it did, and what the gate says.
struct Result {
  std::optional<Candidate> candidate;  // none: there was nothing to learn from
  fs::path policy;                     // the candidate, else the turn's first policy
  Suites before;                       // of the turn's first policy
  Suites after;
  std::optional<GateResult> gate;
  Decision decision;
};

Result try_recipe(TurnContext& turn, const Recipe& recipe, const std::vector<StoredData>& collected,
                  const Suites& before) {
  Result result{.candidate = learn(turn, recipe, collected),
                .policy = turn.config.policy,
                .before = before,
                .after = before,
                .gate = std::nullopt,
                .decision = {false,
                             "kept: nothing that was collected is worth learning from; collect "
                             "more episodes (--collect-episodes)"}};
  if (!result.candidate) return result;
  result.policy = turn.folder() / result.candidate->folder;
  if (turn.arena.real()) {
    BenchComparison compared = compare_on_bench(turn, result.policy);
    result.before.frontier = std::move(compared.predecessor);
    result.after.frontier = std::move(compared.candidate);
    result.gate = std::move(compared.gate);
  } else {
    result.after = evaluate_policy(turn, "after", result.policy);
    result.gate = judge(turn, result.policy, before);
  }
  result.decision = result.gate->decision;
  return result;
}

// Which policies and data the figures belong to.
void add_provenance(TurnContext& turn, const Result& own,
                    const std::vector<RecordedJournal>& journals,
                    const std::vector<StoredData>& collected, Report& report) {
  report.hashes.push_back({"policy before", turn.config.policy, turn.start().policy_hash, ""});
  report.hashes.push_back(
      {"policy after", (own.decision.promoted ? turn.folder() / "policy" : own.policy).string(),
       turn.policies.checkpoint(own.policy).policy_hash,
       own.candidate ? fmt::format("{} steps in {:.1f} minutes{}", own.candidate->steps,
                                   own.candidate->minutes,
                                   own.candidate->diverged ? ", ended early: it diverged" : "")
                     : std::string("nothing was learnt")});
  for (const RecordedJournal& journal : journals) {
    report.hashes.push_back({"journal", journal.folder.string(), journal.hash, ""});
  }
  for (const StoredData& data : collected) {
    report.hashes.push_back({"collected, " + data.embodiment,
                             (turn.folder() / data.folder).string(), data.hash,
                             fmt::format("{} episodes, {} steps", data.episodes, data.rows)});
    report.episodes_collected += data.episodes;
    report.steps_by_helper += data.helped_rows;
    report.steps_by_policy += data.rows - data.helped_rows;
  }
  report.learning = learning_curves(own.policy);
}

void enter_decision(TurnContext& turn, const Report& report, const std::string& candidate_hash) {
  const json figures = report_json(report);
  const bool real = !report.bench.empty();  // its tasks are nobody's suite
  turn.ledger.add_promotion({.run = turn.state.name(),
                             .before = turn.start().policy_hash,
                             .after = candidate_hash,
                             .promoted = report.decision.promoted,
                             .reason = report.decision.reason,
                             .evidence = json{{"skill", real ? "" : turn.config.frontier_suite},
                                              {"bench", figures.at("bench")},
                                              {"gate", figures.at("gate")},
                                              {"trained", figures.at("trained")},
                                              {"frontier", figures.at("frontier")}}
                                             .dump()});
}

}  // namespace

Report run_turn(const run::Arena& arena, const TurnConfig& config, const std::string& command,
                const TurnOptions& options) {
  config.validate();
  const Recipe& recipe = find_recipe(options.recipes, config.recipe);
  TurnContext turn(arena, config, options);
  turn.ledger.add_order(turn.state.name(), command);
  turn.ledger.add_policy({.hash = turn.start().policy_hash,
                          .folder = config.policy,
                          .parent = "",
                          .recipe = turn.start().about.dump()});

  const bool real = arena.real();
  if (!real) film_first_look(turn);
  const Suites before = real ? Suites() : evaluate_policy(turn, "before", config.policy);
  const std::vector<RecordedJournal> journals = collect_attempts(turn);
  const std::vector<StoredData> collected = store_and_label(turn, recipe, journals);
  const Result own = try_recipe(turn, recipe, collected, before);

  Report report{.run = turn.state.name(),
                .command = command,
                .machine = fmt::format("{} cores", std::thread::hardware_concurrency()),
                .bench = real ? fmt::format("{}", fmt::join(turn.names(), ", ")) : "",
                .trained = compare(own.before.trained, own.after.trained),
                .frontier = compare(own.before.frontier, own.after.frontier),
                .trained_families = compare_families(own.before.trained, own.after.trained),
                .frontier_families = compare_robots(own.before.frontier, own.after.frontier),
                .decision = own.decision,
                .gate = own.gate};
  if (!real) report.clips = film(turn, before, own.after, own.policy);
  add_provenance(turn, own, journals, collected, report);
  if (own.decision.promoted) promote(turn, own.policy, report, collected);
  enter_decision(turn, report, turn.policies.checkpoint(own.policy).policy_hash);
  for (const auto& [name, seconds] : turn.state.seconds()) report.stages.push_back({name, seconds});
  write_report(report, turn.folder());
  turn.state.finish_run();
  return report;
}

}  // namespace gyre::flywheel
