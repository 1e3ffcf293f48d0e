#include "gyre/flywheel/alarm_study.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

TEST(AlarmStudy, AThresholdIsSetOnEverySecondSuccessAndMeasuredOnTheOthers) {
  std::vector<AlarmPeaks> attempts;
  for (int i = 0; i < 100; ++i) {
    const double score = std::floor(i / 2.0);  // pairs of equal attempts: 0, 0, 1, 1, ..
    attempts.push_back({.success = true, .stall_s = score, .failure = i % 2 == 0 ? 0.1 : 0.9});
  }
  for (int i = 0; i < 10; ++i) attempts.push_back({.success = false, .stall_s = i < 7 ? 60. : 1.});
  const auto alarms = alarm_thresholds(attempts, 0.1);
  ASSERT_EQ(alarms.size(), 3U);
  EXPECT_EQ(alarms[0].alarm, "stall_s");
  EXPECT_EQ(alarms[0].threshold, 44) << "5 of 50 are above";
  EXPECT_EQ(alarms[0].false_alarms.successes, 5);
  EXPECT_EQ(alarms[0].false_alarms.episodes, 50);
  EXPECT_EQ(alarms[0].caught.successes, 7);
  EXPECT_EQ(alarms[0].caught.episodes, 10);
  EXPECT_EQ(alarms[2].alarm, "failure");
  EXPECT_EQ(alarms[2].threshold, 0.1);
  EXPECT_EQ(alarms[2].false_alarms.successes, 50) << "a false alarm is counted where it happens";
}

TEST(AlarmStudy, TooFewSuccessesAreRefused) {
  EXPECT_THROW(alarm_thresholds(std::vector<AlarmPeaks>(39, {.success = true}), 0.05), Error);
}

}  // namespace
}  // namespace gyre::flywheel
