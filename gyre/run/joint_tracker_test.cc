#include "gyre/run/joint_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace gyre::run {
namespace {

constexpr double kPeriod = 0.005;
constexpr double kTick = 2 * std::numbers::pi / 4096;

// A reading as an encoder rounds it.
float rounded(double angle) { return static_cast<float>(std::round(angle / kTick) * kTick); }

TEST(JointTracker, ASteadyMotionIsNotDelayedAndItsStepsAreEven) {
  JointTracker tracker(1);
  const std::array<float, 1> start = {0};
  tracker.restart(start);
  double last = 0, last_step = 0, most_change = 0, most_off = 0;
  for (int i = 1; i <= 400; ++i) {
    const double angle = 1.0 * i * kPeriod;
    const std::array<float, 1> reading = {rounded(angle)};
    const double at = tracker.take(reading, kPeriod)[0];
    const double step = at - last;
    if (i > 40) {
      most_change = std::max(most_change, std::abs(step - last_step));
      most_off = std::max(most_off, std::abs(at - angle));
    }
    last_step = step;
    last = at;
  }
  EXPECT_LT(most_off, kTick);           // at 1 rad/s: below 1.6 ms
  EXPECT_LT(most_change, kTick / 1.5);  // the readings' own steps differ by a whole tick
}

TEST(JointTracker, AnArmThatRestsRests) {
  JointTracker tracker(2);
  const std::array<float, 2> rest = {0.5F, -0.25F};
  tracker.restart(rest);
  for (int i = 0; i < 10; ++i) {
    const auto at = tracker.take(rest, kPeriod);
    EXPECT_FLOAT_EQ(at[0], 0.5F);
    EXPECT_FLOAT_EQ(at[1], -0.25F);
  }
}

TEST(JointTracker, AMotionThatEndsIsOvershotByLittleAndSettles) {
  JointTracker tracker(1);
  const std::array<float, 1> start = {0};
  tracker.restart(start);
  double most = 0, at = 0;
  for (int i = 1; i <= 300; ++i) {
    const std::array<float, 1> reading = {rounded(std::min(1.0 * i * kPeriod, 0.5))};
    at = tracker.take(reading, kPeriod)[0];
    most = std::max(most, at);
  }
  EXPECT_LT(most, 0.51);
  EXPECT_NEAR(at, 0.5, kTick);
}

TEST(JointTracker, AReadingThatNoSmoothMotionExplainsIsTakenAsItIs) {
  JointTracker tracker(1);
  const std::array<float, 1> start = {0}, far = {0.4F};
  tracker.restart(start);
  EXPECT_FLOAT_EQ(tracker.take(far, kPeriod)[0], 0.4F);
  EXPECT_FLOAT_EQ(tracker.take(far, kPeriod)[0], 0.4F);
}

}  // namespace
}  // namespace gyre::run
