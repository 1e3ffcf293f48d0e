#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gyre/core/episode.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/suite.h"

namespace gyre::sim {

struct DemonstrationOptions {
  bool disturb = true;  // noise on what is executed (what is recorded stays clean), shifts, pushes
  bool render = true;   // without pictures it is faster: for tests of the experts
  int image_size = 64;
};

// The seed of a task's scene alone, so that whoever attempts it meets the same scene.
SceneLayout layout_for(const Task& task, const Embodiment& embodiment, uint64_t seed);

// x, y in [-1, 1] and 1 for each camera and each of the two named things; zeros where a thing is
// outside the picture or there is none. [cameras, 2, 3]
std::vector<float> grounding(const World& world, const Task& task, const Embodiment& embodiment);

// One episode of a task's expert: a paraphrase drawn by seed, every Step with source expert, the
// current subtask in words as a label, grounding targets, and the outcome. The same (task,
// embodiment, seed) gives the same bits.
Episode demonstrate(const Task& task, const std::string& embodiment_name, uint64_t seed,
                    const DemonstrationOptions& options = {});

// `count` episodes dealt over tasks x embodiments (entry i has seed `first_seed` + i), made by
// `workers` threads (0: one a core) and handed over in order on the calling thread. `receive`
// returns false to stop; its exception ends the workers and is passed on.
void demonstrate_all(const std::vector<TaskPtr>& tasks, const std::vector<std::string>& embodiments,
                     int64_t count, uint64_t first_seed, int workers,
                     const DemonstrationOptions& options,
                     const std::function<bool(Episode&&)>& receive);

}  // namespace gyre::sim
