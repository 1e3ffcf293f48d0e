#pragma once

#include <array>
#include <string>
#include <vector>

#include "gyre/flywheel/turn.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

// The two suites of a turn.
enum class Tasks {
  kTrained,   // what the policy can do and must not forget
  kFrontier,  // what it shall learn
};
inline constexpr std::array kBothTasks = {Tasks::kTrained, Tasks::kFrontier};

std::string tasks_name(Tasks tasks);  // "trained", "frontier"
const std::string& suite_of(const TurnConfig& config, Tasks tasks);
// The attempts of an evaluation: the same for every policy.
std::vector<run::Attempt> evaluated_attempts(const run::Arena& arena, const TurnConfig& config,
                                             Tasks tasks);

// 16 hex digits over everything that is in them.
std::string hash_of(const std::vector<run::Attempt>& attempts);

}  // namespace gyre::flywheel
