#pragma once

#include <array>
#include <span>
#include <vector>

#include "gyre/core/embodiment.h"

namespace gyre::run {

// One action period's action as the commands of its control periods. Positions follow a cubic
// Hermite curve through the targets of neighbouring actions (Catmull-Rom tangents), deltas are
// divided evenly, velocities and grippers are held. With equal periods every command is its action,
// bit for bit.
class ActionInterpolator {
 public:
  explicit ActionInterpolator(const Embodiment& contract);

  // Forgets the past: the robot holds at `command` [D].
  void reset(std::span<const float> command) noexcept;

  // Begins an action period. `next` [D] is the action after this one; empty: unknown, the curve
  // comes to rest.
  void begin(std::span<const float> action, std::span<const float> next) noexcept;

  // The command of control period `k` (0 .. ticks per action - 1) of this action period, [D].
  void command(int k, std::span<float> command) const noexcept;

 private:
  std::vector<Field> fields_;
  int ticks_;
  // Targets [D]: two actions ago, the last, this and the next one.
  std::array<std::vector<float>, 4> targets_;
  bool has_next_ = false;
};

}  // namespace gyre::run
