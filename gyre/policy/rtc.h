#pragma once

#include <vector>

namespace gyre {

// Real-time chunking by guidance (Black, Galliker and Levine 2025), as LeRobot computes it: the new
// chunk is pulled towards what is left of the last one.
enum class RtcSchedule { kZeros, kOnes, kLinear, kExp };

// How much each action of a chunk follows the last one: 1 for the first `delay`, then by the
// schedule, 0 from `horizon` on. Returns [total].
std::vector<float> rtc_weights(RtcSchedule schedule, int delay, int horizon, int total);

// The guidance's strength at flow time t (1 noise, 0 actions), at most `most`.
double rtc_strength(double t, double most);

}  // namespace gyre
