#include "gyre/flywheel/gate.h"

#include <gtest/gtest.h>

namespace gyre::flywheel {
namespace {

const Difference kGain = paired_difference(20, 1, 30);
const Difference kSame = paired_difference(3, 3, 100);

TEST(Gate, PromotesAGainThatForgetsNothing) {
  const Decision decision = decide(kGain, kSame, {{"push", paired_difference(1, 1, 20)}});
  EXPECT_TRUE(decision.promoted);
  EXPECT_NE(decision.reason.find("+63.3 points"), std::string::npos) << decision.reason;
}

TEST(Gate, KeepsWhenTheFrontiersGainIsNoise) {
  const Decision decision = decide(paired_difference(4, 1, 30), kSame, {});
  EXPECT_FALSE(decision.promoted);
  EXPECT_NE(decision.reason.find("frontier"), std::string::npos) << decision.reason;
}

// One pair decides: 4 of 30 won and none lost is a gain, 3 of 30 is not (Tango's interval).
TEST(Gate, AGainIsOneWhenItsIntervalLiesAboveZero) {
  EXPECT_GT(paired_difference(4, 0, 30).low, 0);
  EXPECT_TRUE(decide(paired_difference(4, 0, 30), kSame, {}).promoted);
  EXPECT_LT(paired_difference(3, 0, 30).low, 0);
  EXPECT_FALSE(decide(paired_difference(3, 0, 30), kSame, {}).promoted);
  EXPECT_TRUE(decide(paired_difference(7, 1, 30), kSame, {}).promoted);
  EXPECT_FALSE(decide(paired_difference(6, 1, 30), kSame, {}).promoted);
}

// However clear the outcome, fewer than four pairs prove nothing.
TEST(Gate, FourPairsAreTheFewestThatCanProveAGain) {
  EXPECT_TRUE(decide(paired_difference(4, 0, 4), kSame, {}).promoted);
  EXPECT_FALSE(decide(paired_difference(3, 0, 3), kSame, {}).promoted);
}

TEST(Gate, KeepsWhenTheFrontierGotWorse) {
  EXPECT_FALSE(decide(paired_difference(0, 12, 30), kSame, {}).promoted);
}

TEST(Gate, KeepsWhenTrainedTasksDropBeyondTheMargin) {
  EXPECT_TRUE(decide(kGain, paired_difference(0, 5, 100), {}).promoted);  // exactly the margin
  const Decision decision = decide(kGain, paired_difference(0, 6, 100), {});
  EXPECT_FALSE(decision.promoted);
  EXPECT_NE(decision.reason.find("trained tasks"), std::string::npos) << decision.reason;
}

TEST(Gate, IsStricterWithManyEpisodes) {
  EXPECT_TRUE(decide(kGain, paired_difference(0, 16, 399), {}).promoted);
  EXPECT_TRUE(decide(kGain, paired_difference(0, 12, 400), {}).promoted);  // exactly the margin
  EXPECT_FALSE(decide(kGain, paired_difference(0, 13, 400), {}).promoted);
}

TEST(Gate, TheMarginsAreThoseOfTheConfiguration) {
  const Difference drop = paired_difference(0, 10, 100);
  EXPECT_FALSE(decide(kGain, drop, {}).promoted);
  EXPECT_TRUE(decide(kGain, drop, {}, {.margin = 0.1}).promoted);
  EXPECT_FALSE(decide(kGain, drop, {}, {.margin = 0.1, .strict_episodes = 100}).promoted);
}

TEST(Gate, KeepsWhenOneFamilyIsSurelyLost) {
  const Difference lost = paired_difference(0, 12, 15);
  const Decision decision =
      decide(kGain, paired_difference(10, 14, 100), {{"push", kSame}, {"stack", lost}});
  EXPECT_FALSE(decision.promoted);
  EXPECT_NE(decision.reason.find("stack"), std::string::npos) << decision.reason;
}

// One pair decides: 5 of 15 lost lie wholly below the margin, 4 of 15 do not.
TEST(Gate, AFamilyIsLostWhenItsIntervalLiesBelowTheMargin) {
  ASSERT_LT(paired_difference(0, 5, 15).high, -0.05);
  EXPECT_FALSE(decide(kGain, kSame, {{"stack", paired_difference(0, 5, 15)}}).promoted);
  ASSERT_GT(paired_difference(0, 4, 15).high, -0.05);
  EXPECT_TRUE(decide(kGain, kSame, {{"stack", paired_difference(0, 4, 15)}}).promoted);
}

TEST(Gate, LetsAFamilysNoisyDropPass) {
  const Difference noisy = paired_difference(1, 4, 15);
  ASSERT_LT(noisy.difference, -0.05);
  ASSERT_GT(noisy.high, -0.05);
  EXPECT_TRUE(decide(kGain, kSame, {{"stack", noisy}}).promoted);
}

TEST(Gate, KeepsWhatWasNotMeasured) {
  EXPECT_FALSE(decide(kGain, {}, {}).promoted);
  EXPECT_FALSE(decide({}, kSame, {}).promoted);
}

}  // namespace
}  // namespace gyre::flywheel
