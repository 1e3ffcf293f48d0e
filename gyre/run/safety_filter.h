#pragma once

#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"

namespace gyre::run {

// The last thing between any source of actions and the robot: policy, person and fallback alike
// pass through it, so that no number that is not finite or beyond a limit reaches a driver.
//
// Checks each field in order: finite (else the holding action's value), its range, and its
// velocity: a kDelta by its size over the period, a kVelocity by itself, a kPosition by its
// distance from what was sent one period ago. A gripper's opening is a target which its driver
// approaches at its own speed; only its range is checked. (Acceleration, jerk and the workspace box
// belong here too.)
class SafetyFilter {
 public:
  // Throws Error naming the field when the limits contradict themselves (NaN, negative, empty).
  explicit SafetyFilter(const Embodiment& embodiment);

  // What the next kPosition fields are measured from, before anything was sent: [D].
  void reset(std::span<const float> hold);

  // Changes `action` [D] in place; an action of another width becomes `hold` [D], which must be
  // finite. Returns the reasons, "dx: non-finite, joint2: velocity", or "" when nothing changed.
  std::string apply(std::span<const float> hold, std::vector<float>& action);

 private:
  std::vector<Field> fields_;
  double period_s_;
  std::vector<float> sent_;  // [D], empty before reset()
};

}  // namespace gyre::run
