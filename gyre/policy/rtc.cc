#include "gyre/policy/rtc.h"

#include <algorithm>
#include <cmath>

namespace gyre {

std::vector<float> rtc_weights(RtcSchedule schedule, int delay, int horizon, int total) {
  const int end = std::min(horizon, total), start = std::min(delay, end);
  const bool falls = schedule == RtcSchedule::kLinear || schedule == RtcSchedule::kExp;
  std::vector<float> weights(static_cast<size_t>(total), 0);
  for (int i = 0; i < end; ++i) {
    double weight = i < start || schedule == RtcSchedule::kOnes ? 1 : 0;
    if (i >= start && falls) weight = 1 - (i - start + 1) / static_cast<double>(end - start + 1);
    if (schedule == RtcSchedule::kExp) weight *= std::expm1(weight) / std::expm1(1.0);
    weights[static_cast<size_t>(i)] = static_cast<float>(weight);
  }
  return weights;
}

double rtc_strength(double t, double most) {
  const double done = 1 - t;
  if (done <= 0 || t <= 0) return done <= 0 ? most : 0;
  return std::min(most, t / done * (t * t + done * done) / (t * t));
}

}  // namespace gyre
