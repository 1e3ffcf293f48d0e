#include "gyre/sim/arena.h"

#include <fmt/format.h>

#include <utility>

#include "gyre/core/error.h"
#include "gyre/sim/bench.h"
#include "gyre/sim/suite.h"

namespace gyre::sim {
namespace {

run::Attempt attempt_at(const Task& task, const std::string& embodiment, uint64_t seed) {
  return {.embodiment = embodiment,
          .task = task.name(),
          .family = task.family(),
          .long_horizon = task.long_horizon(),
          .seed = seed};
}

}  // namespace

KitchenArena::KitchenArena(WrapJointRobot wrap) : wrap_(std::move(wrap)) {}

std::vector<std::string> KitchenArena::suites() const { return suite_names(); }
std::vector<std::string> KitchenArena::embodiments() const { return embodiment_names(); }

std::shared_ptr<const RobotFolder> KitchenArena::robot(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  auto& robot = robots_[name];
  if (!robot) robot = one_arm(RobotFolder::load(name));
  return robot;
}

Embodiment KitchenArena::contract(const std::string& embodiment, int image_size) const {
  const auto [name, space] = split_embodiment(embodiment);
  return robot(name)->contract(space, image_size);
}

std::vector<run::Attempt> KitchenArena::deal(const std::string& suite_name,
                                             const std::vector<std::string>& embodiments,
                                             int64_t count, uint64_t seed) const {
  const std::vector<TaskPtr> tasks = suite(suite_name);
  if (embodiments.empty()) throw Error("embodiments", "there are none", "name at least one");
  for (const std::string& embodiment : embodiments) split_embodiment(embodiment);
  std::vector<run::Attempt> attempts;
  const int64_t robots = std::ssize(embodiments);
  for (int64_t i = 0; i < count; ++i) {
    attempts.push_back(attempt_at(*sim::deal(tasks, i / robots),
                                  embodiments[static_cast<size_t>(i % robots)],
                                  Rng::stream(seed, fmt::format("attempt/{}", i)).bits() >> 11));
  }
  return attempts;
}

run::Attempt KitchenArena::attempt(const std::string& task, const std::string& embodiment,
                                   uint64_t seed) const {
  split_embodiment(embodiment);
  return attempt_at(*find_task(task), embodiment, seed);
}

std::unique_ptr<run::Bench> KitchenArena::open(const run::Attempt& attempt,
                                               const run::BenchOptions& options) const {
  const auto [name, space] = split_embodiment(attempt.embodiment);
  return std::make_unique<KitchenBench>(attempt, options, find_task(attempt.task), robot(name),
                                        space, wrap_);
}

}  // namespace gyre::sim
