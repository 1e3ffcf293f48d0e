#include "gyre/flywheel/stages/bench.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "gyre/data/journal.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/scope_measure.h"
#include "gyre/flywheel/stages/evaluate.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<GateOutcome> outcomes_of(const Evaluation& evaluation) {
  std::vector<GateOutcome> outcomes;
  for (const EvaluatedEpisode& episode : evaluation.episodes) {
    outcomes.push_back({.success = episode.success, .safety_events = episode.safety_events});
  }
  return outcomes;
}

// The attempts of a comparison; those that were judged before an interruption are read again.
class BlindBlocks {
 public:
  BlindBlocks(TurnContext& turn, const fs::path& below, const fs::path& candidate)
      : turn_(turn),
        plan_(*turn.gate.blocks),
        folder_(turn.folder() / below),
        policies_{turn.config.policy, candidate},
        attempts_(attempts(turn, candidate)) {
    fs::create_directories(folder_);
    for (const bool candidates : {false, true}) read(candidates);
  }

  static std::vector<run::Attempt> attempts(TurnContext& turn, const fs::path& candidate) {
    return turn.arena.deal(turn.config.frontier_suite, turn.config.embodiments,
                           turn.gate.blocks->pairs(), seed(turn, candidate, "bench"));
  }

  BenchComparison run() {
    if (!decided()) make();
    if (!decided()) turn_.stages.interrupt();
    for (const bool candidates : {false, true}) enter(candidates);
    return {.predecessor = of(false),
            .candidate = of(true),
            .gate = judge_blocks(plan_, outcomes_of(of(true)), outcomes_of(of(false)))};
  }

 private:
  static uint64_t seed(TurnContext& turn, const fs::path& candidate, const std::string& tasks) {
    return gate_seed(turn.policies.checkpoint(candidate).policy_hash, tasks);
  }
  Evaluation& of(bool candidates) { return made_[candidates ? 1 : 0]; }
  const fs::path& policy(bool candidates) const { return policies_[candidates ? 1 : 0]; }
  fs::path file(bool candidates) const {
    return folder_ / (candidates ? "candidate.json" : "predecessor.json");
  }

  void read(bool candidates) {
    if (!fs::is_regular_file(file(candidates))) return;
    const json stored = json::parse(io::read_text(file(candidates)), nullptr, false);
    if (stored.is_object()) of(candidates) = stored.get<Evaluation>();
  }

  bool decided() {
    const auto pairs = std::ssize(of(true).episodes);
    if (pairs != std::ssize(of(false).episodes)) return false;
    return pairs == plan_.pairs() ||
           is_decided_against(plan_, outcomes_of(of(true)), outcomes_of(of(false)));
  }

  // Those that are left, in their blocks.
  void make() {
    const std::vector<bool> first =
        candidate_first(plan_.pairs(), seed(turn_, policy(true), "order"));
    std::vector<run::Trial> trials;
    std::vector<bool> candidates;  // by trial
    for (int64_t pair = 0; pair < plan_.pairs(); ++pair) {
      for (const bool second : {false, true}) {
        const bool candidate = first[static_cast<size_t>(pair)] != second;
        if (pair < std::ssize(of(candidate).episodes)) continue;
        trials.push_back(
            {attempts_[static_cast<size_t>(pair)], &turn_.policies.engine(policy(candidate))});
        candidates.push_back(candidate);
      }
    }
    data::JournalFolder journal(folder_ / "journal", data::JournalFolder::Mode::kContinue);
    run::AttemptOptions options{.loop = turn_.config.loop};
    options.watch = journal_of(turn_.arena, journal);
    options.first_number = journal.next_number();
    turn_.arena.make(trials, options, 1, "comparing",
                     [&](int64_t index, run::AttemptResult&& result) {
                       take(candidates[static_cast<size_t>(index)], result);
                       return !decided();
                     });
  }

  void take(bool candidates, const run::AttemptResult& result) {
    of(candidates).episodes.push_back(evaluated_episode(result));
    io::write_atomically(file(candidates), json(of(candidates)).dump(1) + "\n");
  }

  void enter(bool candidates) {
    const std::string hash = turn_.policies.checkpoint(policy(candidates)).policy_hash;
    turn_.ledger.add_evaluation(
        evaluation_entry(of(candidates), turn_.config.frontier_suite, turn_.config.seed, hash));
    turn_.ledger.add_evidence(evidence_of(of(candidates), hash, turn_.config.loop.speed,
                                          (folder_ / "journal").string(), true));
  }

  TurnContext& turn_;
  const BlockPlan& plan_;
  fs::path folder_;
  std::array<fs::path, 2> policies_;    // predecessor, candidate
  std::vector<run::Attempt> attempts_;  // by pair
  std::array<Evaluation, 2> made_;
};

}  // namespace

BenchComparison compare_on_bench(TurnContext& turn, const fs::path& candidate) {
  const fs::path folder = "gate";
  const json result = turn.stages.run<json>(
      {.name = stage::kGate,
       .inputs = {{"candidate", turn.policies.checkpoint(candidate).policy_hash},
                  {"predecessor", turn.start().policy_hash},
                  {"attempts", hash_of(BlindBlocks::attempts(turn, candidate))},
                  {"contracts", turn.contract_hashes()},
                  {"loop", config_json(turn.config.loop)}},
       .outputs = {folder}},
      [&] {
        turn.note(block_plan_text(*turn.gate.blocks));
        const BenchComparison compared = BlindBlocks(turn, folder, candidate).run();
        return json{{"predecessor", compared.predecessor},
                    {"candidate", compared.candidate},
                    {"gate", compared.gate}};
      });
  return {.predecessor = result.at("predecessor").get<Evaluation>(),
          .candidate = result.at("candidate").get<Evaluation>(),
          .gate = result.at("gate").get<GateResult>()};
}

}  // namespace gyre::flywheel
