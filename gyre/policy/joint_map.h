#pragma once

#include <span>
#include <vector>

namespace gyre {

// Between a robot's own joints and those that openpi's policies were pretrained on: some turn the
// other way, and ALOHA's grippers are linear there and angular here (openpi's aloha_policy).
struct JointMap {
  std::vector<int> mirrored;        // indices whose sign changes
  std::vector<int> aloha_grippers;  // indices of ALOHA's grippers

  bool empty() const { return mirrored.empty() && aloha_grippers.empty(); }

  // In place. `state` [S] as observed; actions [n, dim] of the policy, and for training those of
  // the robot.
  void state_to_policy(std::span<float> state) const;
  void actions_to_robot(std::span<float> actions, size_t dim) const;
  void actions_to_policy(std::span<float> actions, size_t dim) const;

 private:
  template <class Gripper>
  void apply(std::span<float> row, const Gripper& gripper) const;
};

}  // namespace gyre
