#include "gyre/policy/real_time_chunking.h"

#include <algorithm>
#include <cmath>

namespace gyre {

double prefix_weight(PrefixSchedule schedule, int delay, int end, int i) {
  if (i >= end) return 0;
  const int start = std::min(delay, end);
  if (i < start || schedule == PrefixSchedule::kOnes) return 1;
  const double falling = 1 - (i - start + 1) / static_cast<double>(end - start + 1);
  if (schedule == PrefixSchedule::kLinear) return falling;
  if (schedule == PrefixSchedule::kExp) return falling * std::expm1(falling) / std::expm1(1.0);
  return 0;
}

std::vector<double> prefix_weights(PrefixSchedule schedule, int delay, int end, int horizon) {
  std::vector<double> weights;
  weights.reserve(horizon);
  for (int i = 0; i < horizon; ++i) weights.push_back(prefix_weight(schedule, delay, end, i));
  return weights;
}

double guidance_weight(double t, double most) {
  const double done = 1 - t;
  if (done <= 0) return most;
  return std::min(most, t / done * (t * t + done * done) / (t * t));
}

}  // namespace gyre
