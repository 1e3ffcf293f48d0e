#include "gyre/sim/drawn_scene.h"

#include <vector>

#include "gyre/core/rng.h"

namespace gyre::sim {

SceneLayout drawn_layout(const Task& task, double scale, uint64_t seed) {
  Rng rng = Rng::stream(seed, "layout");
  return task.layout(scale, rng);
}

std::string drawn_instruction(const Task& task, uint64_t seed) {
  const std::vector<std::string> words = task.instructions();
  Rng rng = Rng::stream(seed, "words");
  return words[static_cast<size_t>(rng.below(std::ssize(words)))];
}

}  // namespace gyre::sim
