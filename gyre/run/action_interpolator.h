#pragma once

#include <span>
#include <vector>

#include "gyre/core/embodiment.h"

namespace gyre::run {

// One action period's action as the commands of its control periods. Positions follow a cubic
// Hermite curve through the targets of neighbouring actions (Catmull-Rom tangents) that goes on
// from the last command and its velocity, whoever sent it; deltas are divided evenly, velocities
// and grippers are held. With equal periods every command is its action, bit for bit.
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

  // The command [D] that went to the robot; `as_proposed`: it was command()'s.
  void sent(std::span<const float> command, bool as_proposed) noexcept;

 private:
  std::vector<Field> fields_;
  int ticks_;
  std::vector<float> action_;  // [D]
  std::vector<float> last_;    // [D], the last command that was sent
  // The curve [D]: its begin, and its slopes there and at its end, per action period.
  std::vector<double> from_, slope_from_, slope_to_;
  std::vector<double> slope_;   // [D], of the last two commands that were sent
  bool follows_curve_ = false;  // all commands since begin() were sent as they were proposed
};

}  // namespace gyre::run
