#pragma once

#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/run/axis_limiter.h"

namespace gyre::run {

// Limits of one action field as the filter applies them.
struct FieldLimits {
  float min = 0, max = 0;  // the range's ends, rounded to the nearest floats
  AxisLimits axis;         // what the limiter keeps; unused for grippers
  bool position = true;    // else the axis is a velocity or a delta, and rest is 0
  bool gripper = false;    // finite and range only
};

// The limits of a contract's action fields at a control period. A position's first, second and
// third differences are its velocity, acceleration and jerk; a velocity's (and a delta's) range is
// also its velocity limit, and its first and second differences are acceleration and jerk.
//
// Throws Error naming the embodiment and field for limits that contradict each other:
// - a range that is empty, not finite, empty after rounding to float, or beyond float;
// - a limit that is NaN, infinite or negative;
// - a limit so small that one period's share is below 1e-15 of the range: nothing moves;
// - a position whose braking way from max_velocity, v^2 / (2 a), or v (v / a + a / j) / 2 with a
//   jerk limit, is longer than its range: the velocity cannot be reached and braked inside it;
// - a velocity or delta whose range does not hold 0: it could not stop;
// - a period that is not finite and positive; no action field, or more than 64.
std::vector<FieldLimits> safety_limits(const Embodiment& embodiment, double period_s);

}  // namespace gyre::run
