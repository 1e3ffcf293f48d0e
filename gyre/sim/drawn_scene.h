#pragma once

#include <cstdint>
#include <string>

#include "gyre/sim/task.h"

namespace gyre::sim {

// The part of an attempt that its seed draws: where things stand, and which of the task's
// instructions is given. `scale`: RobotFolder::scene_scale.
SceneLayout drawn_layout(const Task& task, double scale, uint64_t seed);
std::string drawn_instruction(const Task& task, uint64_t seed);

}  // namespace gyre::sim
