#pragma once

#include <span>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/robot/hand_device.h"

namespace gyre::run {

// Makes actions of a contract from what hands ask for. End effector: the left stick moves to the
// right and forward as seen from behind the robot, the right one up and down and turns, the cross
// tilts. Joints: one stick's direction each, in the contract's order. At the speeds of the
// console's page: a delta goes to a quarter of its range, a joint to half of its range a second,
// the gripper to one and a half.
class HandMotion {
 public:
  explicit HandMotion(const Embodiment& contract);

  // Positions go on from `sent` [D], the newest command: no jump. Empty: from mid-range.
  void begin(std::span<const float> sent);
  // The action [D] after `seconds` more of this input.
  std::span<const float> act(const HandInput& input, double seconds);

 private:
  struct Move {
    double HandInput::*slot;
    size_t field;
    double weight;
  };
  std::vector<Field> fields_;
  std::vector<Move> moves_;
  std::vector<double> targets_;  // [D], of positions
  std::vector<float> action_;    // [D]
};

}  // namespace gyre::run
