#pragma once

#include <span>

#include "gyre/core/embodiment.h"

namespace gyre::run {

// The first field of a command [D] that is further from where the robot holds [D] than the field's
// velocity limit allows in `limit_s` seconds; null when there is none. Positions alone are looked
// at: deltas and velocities begin where the robot is, and a gripper goes at its own speed.
const Field* too_far(const Embodiment& contract, std::span<const float> hold,
                     std::span<const float> command, double limit_s) noexcept;

}  // namespace gyre::run
