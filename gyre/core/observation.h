#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/core/image.h"

namespace gyre {

// What the robot senses at one moment. Images in the order of Embodiment::cameras, the state in the
// order and units of Embodiment::state.
struct Observation {
  int64_t time_ns = 0;  // the robot's monotonic clock
  std::vector<Image> images;
  std::vector<float> state;
  std::string task;     // the instruction in words
  std::string subtask;  // when set, the policy acts on this instead of the task

  const std::string& prompt() const { return subtask.empty() ? task : subtask; }
};

}  // namespace gyre
