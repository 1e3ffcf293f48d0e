#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"
#include "gyre/robot/kinematics.h"

namespace gyre::console {

// The way that a chunk would take the gripper, if each action were reached. For one thread.
class ChunkPath {
 public:
  // Contracts "<robot>/ee" and "<robot>/joint" of a known robot have a path.
  explicit ChunkPath(const Embodiment& contract);

  // Points [horizon + 1, 3] of the grasp frame (metres, base frame), the first where the robot was.
  // `state` [S] is that of the chunk's observation. Empty for contracts without a path.
  std::vector<float> points(std::span<const float> state, const ActionChunk& chunk);

 private:
  std::vector<size_t> state_fields_, action_fields_;  // x, y, z and dx, dy, dz of an `ee` contract
  size_t joints_ = 0;
  std::unique_ptr<Kinematics> kinematics_;  // of a `joint` contract
};

}  // namespace gyre::console
