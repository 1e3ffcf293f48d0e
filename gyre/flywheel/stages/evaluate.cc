#include "gyre/flywheel/stages/evaluate.h"

#include <map>
#include <utility>
#include <vector>

#include "gyre/core/hash.h"
#include "gyre/flywheel/scope_measure.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/config.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Evaluated {
  std::string file;  // below the run's folder
  std::string hash;  // of the file
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Evaluated, file, hash)

Evaluation evaluate_suite(TurnContext& turn, const std::string& who, Tasks tasks,
                          const fs::path& policy) {
  const TurnConfig& config = turn.config;
  const std::vector<run::Attempt> attempts = turn.evaluated(tasks);
  const std::string policy_hash = turn.policies.checkpoint(policy).policy_hash;
  const fs::path file = fs::path("evaluations") / who / (tasks_name(tasks) + ".json");
  const Evaluated done = turn.stages.run<Evaluated>(
      {.name = stage::evaluate(who, tasks_name(tasks)),
       .inputs = {{"policy", policy_hash},
                  {"attempts", hash_of(attempts)},
                  {"contracts", turn.contract_hashes()},
                  {"loop", config_json(config.loop)}},
       .outputs = {file}},
      [&] {
        const infer::Engine& engine = turn.policies.engine(policy);
        const Evaluation evaluation =
            evaluate(turn.arena, engine, attempts, config.loop, config.workers);
        if (evaluation.interrupted) turn.stages.interrupt();
        fs::create_directories((turn.folder() / file).parent_path());
        const std::string text = json(evaluation).dump(1) + "\n";
        io::write_atomically(turn.folder() / file, text);
        turn.ledger.add_evaluation(
            evaluation_entry(evaluation, suite_of(config, tasks), config.seed, policy_hash));
        turn.ledger.add_evidence(evidence_of(evaluation, policy_hash, config.loop.speed));
        return Evaluated{file.string(), sha256_hex(text, 16)};
      },
      [&](const Evaluated& result) { return turn.has_file(result.file, result.hash); });
  return json::parse(io::read_text(turn.folder() / done.file)).get<Evaluation>();
}

}  // namespace

EvaluationEntry evaluation_entry(const Evaluation& evaluation, const std::string& suite,
                                 uint64_t seed, const std::string& policy) {
  EvaluationEntry entry{.policy = policy,
                        .suite = suite,
                        .seed = seed,
                        .hash = sha256_hex(policy + suite + evaluation.hash(), 16),
                        .rate = evaluation.rate(),
                        .scope = {}};
  std::map<std::pair<std::string, std::string>, Evaluation> cells;
  for (const EvaluatedEpisode& episode : evaluation.episodes) {
    cells[{episode.embodiment, episode.family}].episodes.push_back(episode);
  }
  for (const auto& [cell, part] : cells) {
    entry.scope.push_back({cell.first, cell.second, part.rate()});
  }
  return entry;
}

Suites evaluate_policy(TurnContext& turn, const std::string& who, const fs::path& policy) {
  Suites suites;
  suites.trained = evaluate_suite(turn, who, Tasks::kTrained, policy);
  suites.frontier = evaluate_suite(turn, who, Tasks::kFrontier, policy);
  return suites;
}

}  // namespace gyre::flywheel
