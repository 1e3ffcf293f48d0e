#include "gyre/run/joint_tracker.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

// Damping of one period: a disturbance is forgotten after about 1 / (1 - kMemory) periods.
constexpr double kMemory = 0.75;
constexpr double kAlpha = 1 - kMemory * kMemory;
constexpr double kBeta = (1 - kMemory) * (1 - kMemory);
constexpr double kSurprise = 0.03;  // rad or openings beside the track: restarted there

}  // namespace

void JointTracker::restart(std::span<const float> joints) noexcept {
  std::ranges::copy(joints.first(at_.size()), at_.begin());
  std::ranges::fill(rates_, 0);
}

std::span<const float> JointTracker::take(std::span<const float> reading, double seconds) noexcept {
  for (size_t i = 0; i < at_.size(); ++i) {
    const double expected = at_[i] + rates_[i] * seconds, beside = reading[i] - expected;
    if (std::abs(beside) > kSurprise) {
      at_[i] = reading[i];
      rates_[i] = 0;
    } else {
      at_[i] = expected + kAlpha * beside;
      rates_[i] += kBeta * beside / seconds;
    }
    tracked_[i] = static_cast<float>(at_[i]);
  }
  return tracked_;
}

}  // namespace gyre::run
