#include "gyre/policy/rtc.h"

#include <gtest/gtest.h>

namespace gyre {
namespace {

// LeRobot's own figures: start 5, end 14, 25 actions.
TEST(Rtc, WeightsFallAsLeRobots) {
  const float linear[] = {.9f, .8f, .7f, .6f, .5f, .4f, .3f, .2f, .1f};
  const float exp[] = {.7645f, .5706f, .4130f, .2871f, .1888f, .1145f, .0611f, .0258f, .0061f};
  for (const auto& [schedule, tail] :
       {std::pair(RtcSchedule::kLinear, linear), {RtcSchedule::kExp, exp}}) {
    const auto weights = rtc_weights(schedule, 5, 14, 25);
    ASSERT_EQ(weights.size(), 25);
    for (int i = 0; i < 25; ++i) {
      EXPECT_NEAR(weights[i], i < 5 ? 1 : i < 14 ? tail[i - 5] : 0, 5e-5) << i;
    }
  }
  EXPECT_EQ(rtc_weights(RtcSchedule::kZeros, 2, 3, 4), (std::vector<float>{1, 1, 0, 0}));
  EXPECT_EQ(rtc_weights(RtcSchedule::kOnes, 2, 3, 4), (std::vector<float>{1, 1, 1, 0}));
  EXPECT_EQ(rtc_weights(RtcSchedule::kLinear, 9, 3, 4), (std::vector<float>{1, 1, 1, 0}));
}

TEST(Rtc, StrengthIsBoundedAtBothEnds) {
  EXPECT_EQ(rtc_strength(1, 10), 10);
  EXPECT_DOUBLE_EQ(rtc_strength(0.5, 10), 2);
  EXPECT_EQ(rtc_strength(1e-9, 10), 10);
}

}  // namespace
}  // namespace gyre
