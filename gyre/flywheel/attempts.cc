#include "gyre/flywheel/attempts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::flywheel {

using run::Attempt;

std::vector<Attempt> deal_task(const run::Arena& arena, const std::string& task,
                               const std::vector<std::string>& embodiments, int64_t count,
                               uint64_t seed) {
  std::vector<Attempt> attempts =
      arena.deal(arena.suites().front(), embodiments, count, seed);  // for robots and seeds
  std::map<std::string, Attempt> at_task;                            // by robot
  for (Attempt& attempt : attempts) {
    auto found = at_task.find(attempt.embodiment);
    if (found == at_task.end()) {
      found = at_task.emplace(attempt.embodiment, arena.attempt(task, attempt.embodiment, 0)).first;
    }
    const uint64_t seed = std::exchange(attempt, found->second).seed;
    attempt.seed = seed;
  }
  return attempts;
}

std::vector<Attempt> deal_family(const run::Arena& arena, const std::string& name,
                                 const std::string& families_of,
                                 const std::vector<std::string>& embodiments, int64_t count,
                                 uint64_t seed) {
  constexpr int64_t kMostFamilies = 64;  // a suite has fewer
  const auto robots = static_cast<int64_t>(std::max<size_t>(embodiments.size(), 1));
  const auto of_family = [&](int64_t dealt) {
    std::vector<Attempt> attempts = arena.deal(families_of, embodiments, dealt, seed);
    std::erase_if(attempts, [&](const Attempt& attempt) { return attempt.family != name; });
    return attempts;
  };
  const auto share = std::ssize(of_family(kMostFamilies * robots));
  if (share == 0) return arena.deal(name, embodiments, count, seed);
  int64_t dealt = std::max(count * kMostFamilies * robots / share, count);
  std::vector<Attempt> attempts = of_family(dealt);
  while (std::ssize(attempts) < count) attempts = of_family(dealt *= 2);
  attempts.resize(static_cast<size_t>(count));
  const std::vector<Attempt> seeds = arena.deal(families_of, embodiments, count, seed);
  for (size_t i = 0; i < attempts.size(); ++i) attempts[i].seed = seeds[i].seed;
  return attempts;
}

std::vector<Attempt> counted_from(uint64_t first_seed, std::vector<Attempt> attempts) {
  for (Attempt& attempt : attempts) attempt.seed = first_seed++;
  return attempts;
}

}  // namespace gyre::flywheel
