#include "gyre/flywheel/stages/gate.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/core/hash.h"
#include "gyre/core/rng.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/scope_measure.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kPolicyNames[] = {"candidate", "predecessor", "ancestor"};

// The attempts of a gate, block by block; a block that was finished before an interruption is read
// again.
class GateEpisodes {
 public:
  GateEpisodes(TurnContext& turn, const fs::path& candidate)
      : turn_(turn),
        candidate_hash_(turn.policies.checkpoint(candidate).policy_hash),
        policies_{candidate, turn.config.policy, turn.gate.ancestor} {}

  std::vector<GateOutcome> block(const GateTasks& tasks, GatePolicy policy, int64_t from,
                                 int64_t to) {
    const auto who = static_cast<size_t>(policy);
    const fs::path file =
        turn_.folder() / "gate" /
        fmt::format("{}_{}_{}.json", file_name(tasks.name), kPolicyNames[who], from);
    const Evaluation evaluation = made(tasks, who, from, to, file);
    std::vector<GateOutcome> outcomes;
    for (const EvaluatedEpisode& episode : evaluation.episodes) {
      outcomes.push_back({.success = episode.success, .safety_events = episode.safety_events});
    }
    return outcomes;
  }

 private:
  Evaluation made(const GateTasks& tasks, size_t who, int64_t from, int64_t to,
                  const fs::path& file) {
    if (fs::is_regular_file(file)) {
      const json stored = json::parse(io::read_text(file), nullptr, false);
      if (stored.is_object() && std::ssize(stored.value("episodes", json::array())) == to - from) {
        return stored.get<Evaluation>();
      }
    }
    const std::vector<run::Attempt>& all = dealt(tasks);
    const std::vector<run::Attempt> attempts(all.begin() + from, all.begin() + to);
    Evaluation evaluation =
        evaluate(turn_.arena, turn_.policies.engine(policies_[who]), attempts, turn_.config.loop,
                 turn_.config.workers, fmt::format("{}, {}", tasks.name, kPolicyNames[who]));
    if (evaluation.interrupted) turn_.stages.interrupt();
    fs::create_directories(file.parent_path());
    io::write_atomically(file, json(evaluation).dump(1) + "\n");
    // An ancestor may be a stranger to the ledger.
    if (who != static_cast<size_t>(GatePolicy::kAncestor)) {
      turn_.ledger.add_evidence(evidence_of(evaluation,
                                            turn_.policies.checkpoint(policies_[who]).policy_hash,
                                            turn_.config.loop.speed));
    }
    return evaluation;
  }

  const std::vector<run::Attempt>& dealt(const GateTasks& tasks) {
    const auto found = dealt_.find(tasks.name);
    if (found != dealt_.end()) return found->second;
    const uint64_t seed = gate_seed(candidate_hash_, tasks.name);
    const int64_t count = tasks.looks.pairs.back();
    return dealt_[tasks.name] =
               tasks.family.empty()
                   ? turn_.arena.deal(tasks.suite, turn_.config.embodiments, count, seed)
                   : deal_family(turn_.arena, tasks.family, tasks.suite, turn_.config.embodiments,
                                 count, seed);
  }

  TurnContext& turn_;
  std::string candidate_hash_;
  std::vector<fs::path> policies_;                          // by GatePolicy
  std::map<std::string, std::vector<run::Attempt>> dealt_;  // by name of tasks
};

GatePlan plan_of(const TurnContext& turn, const Suites& before) {
  GateScope scope = turn.gate.scope;
  scope.known["frontier"] = before.frontier.rate();
  scope.known["trained"] = before.trained.rate();
  for (const auto& [family, rate] : before.trained.families()) scope.known[family] = rate.rate;
  return plan_gate(turn.config.gate, scope);
}

}  // namespace

GateResult judge(TurnContext& turn, const fs::path& candidate, const Suites& before) {
  const GatePlan plan = plan_of(turn, before);
  return turn.stages
      .run<json>(
          {.name = stage::kGate,
           .inputs = {{"candidate", turn.policies.checkpoint(candidate).policy_hash},
                      {"predecessor", turn.start().policy_hash},
                      {"ancestor", turn.gate.ancestor_hash},
                      {"tasks",
                       {turn.gate.scope.frontier, turn.gate.scope.trained, turn.gate.scope.families,
                        turn.gate.scope.heldout, turn.gate.scope.skills}},
                      {"known", {before.frontier.hash(), before.trained.hash()}},
                      {"gate", config_json(turn.config.gate)},
                      {"contracts", turn.contract_hashes()},
                      {"loop", config_json(turn.config.loop)}},
           .outputs = {"gate"}},
          [&] {
            turn.note(plan_text(plan));
            GateEpisodes episodes(turn, candidate);
            return json(run_gate(
                plan, [&](const GateTasks& tasks, GatePolicy policy, int64_t from, int64_t to) {
                  return episodes.block(tasks, policy, from, to);
                }));
          })
      .get<GateResult>();
}

}  // namespace gyre::flywheel
