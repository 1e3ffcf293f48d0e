#include "gyre/flywheel/stages/tasks.h"

#include <nlohmann/json.hpp>

#include "gyre/core/hash.h"

namespace gyre::flywheel {

std::string tasks_name(Tasks tasks) { return tasks == Tasks::kTrained ? "trained" : "frontier"; }

const std::string& suite_of(const TurnConfig& config, Tasks tasks) {
  return tasks == Tasks::kTrained ? config.trained_suite : config.frontier_suite;
}

std::vector<run::Attempt> evaluated_attempts(const run::Arena& arena, const TurnConfig& config,
                                             Tasks tasks) {
  const int count = tasks == Tasks::kTrained ? config.trained_episodes : config.frontier_episodes;
  return arena.deal(suite_of(config, tasks), config.embodiments, count, config.seed);
}

std::string hash_of(const std::vector<run::Attempt>& attempts) {
  Sha256 hash;
  for (const run::Attempt& attempt : attempts) {
    const nlohmann::json fields = {attempt.embodiment,   attempt.task, attempt.family,
                                   attempt.long_horizon, attempt.seed, attempt.instruction};
    hash.update(fields.dump());
  }
  return hash.hex(16);
}

}  // namespace gyre::flywheel
