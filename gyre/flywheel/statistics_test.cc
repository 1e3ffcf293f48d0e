#include "gyre/flywheel/statistics.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"

namespace gyre::flywheel {
namespace {

// Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3.
TEST(Wilson, AgreesWithNewcombesTable) {
  Rate rate = wilson(81, 263);
  EXPECT_NEAR(rate.low, 0.2553, 5e-5);
  EXPECT_NEAR(rate.high, 0.3662, 5e-5);
  rate = wilson(15, 148);
  EXPECT_NEAR(rate.low, 0.0624, 5e-5);
  EXPECT_NEAR(rate.high, 0.1605, 5e-5);
  rate = wilson(0, 20);
  EXPECT_EQ(rate.low, 0);
  EXPECT_NEAR(rate.high, 0.1611, 5e-5);
  rate = wilson(1, 29);
  EXPECT_NEAR(rate.low, 0.0061, 5e-5);
  EXPECT_NEAR(rate.high, 0.1718, 5e-5);
}

TEST(Wilson, WithoutEpisodesNothingIsKnown) {
  EXPECT_EQ(wilson(0, 0), (Rate{.episodes = 0, .successes = 0, .rate = 0, .low = 0, .high = 1}));
}

TEST(Wilson, RefusesTheImpossible) {
  EXPECT_THROW(wilson(3, 2), Error);
  EXPECT_THROW(wilson(-1, 2), Error);
}

// Fagerland, Lydersen and Laake 2014 (Statistics in Medicine 33, 2850-2875): airway
// hyper-responsiveness before and after stem cell transplantation, n = 21, 1 and 7 discordant
// pairs.
TEST(PairedDifference, AgreesWithThePublishedScoreInterval) {
  const Difference difference = paired_difference(1, 7, 21);
  EXPECT_NEAR(difference.difference, -0.286, 5e-4);
  EXPECT_NEAR(difference.low, -0.517, 5e-4);
  EXPECT_NEAR(difference.high, -0.026, 5e-4);
}

TEST(PairedDifference, MirrorsWhenBeforeAndAfterChangePlaces) {
  const Difference one = paired_difference(9, 2, 40);
  const Difference other = paired_difference(2, 9, 40);
  EXPECT_NEAR(one.low, -other.high, 1e-9);
  EXPECT_NEAR(one.high, -other.low, 1e-9);
}

TEST(PairedDifference, KeepsAWidthWithoutDiscordantPairs) {
  const double z2 = 1.959964 * 1.959964;
  const Difference none = paired_difference(0, 0, 30);
  EXPECT_EQ(none.difference, 0);
  EXPECT_NEAR(none.high, z2 / (30 + z2), 1e-6);
  EXPECT_NEAR(none.low, -none.high, 1e-9);
  const Difference all = paired_difference(30, 0, 30);
  EXPECT_EQ(all.difference, 1);
  EXPECT_LT(all.low, 0.9);
  EXPECT_NEAR(all.high, 1, 1e-9);
}

TEST(PairedDifference, CoversTheTruthNinetyFiveTimesInAHundred) {
  Rng rng(7);
  const double gain = 0.35, loss = 0.1;
  int covered = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    int64_t gained = 0, lost = 0;
    for (int i = 0; i < 40; ++i) {
      const double u = rng.uniform();
      gained += u < gain;
      lost += u >= gain && u < gain + loss;
    }
    const Difference difference = paired_difference(gained, lost, 40);
    covered += difference.low <= gain - loss && gain - loss <= difference.high;
  }
  EXPECT_NEAR(covered / 4000.0, 0.95, 0.015);
}

TEST(PairedDifference, CountsOutcomes) {
  const Difference difference =
      paired_difference({true, false, false, true, false}, {true, true, true, false, false});
  EXPECT_EQ(difference.gained, 2);
  EXPECT_EQ(difference.lost, 1);
  EXPECT_EQ(difference, paired_difference(2, 1, 5));
  EXPECT_THROW(paired_difference(std::vector<bool>{true}, std::vector<bool>{}), Error);
  EXPECT_THROW(paired_difference(3, 3, 5), Error);
}

TEST(PairedDifference, WithoutPairsNothingIsKnown) {
  const Difference difference = paired_difference({}, {});
  EXPECT_EQ(difference.low, -1);
  EXPECT_EQ(difference.high, 1);
}

TEST(Statistics, SurviveJson) {
  const Rate rate = wilson(7, 9);
  EXPECT_EQ(nlohmann::json(rate).get<Rate>(), rate);
  const Difference difference = paired_difference(4, 1, 9);
  EXPECT_EQ(nlohmann::json(difference).get<Difference>(), difference);
}

}  // namespace
}  // namespace gyre::flywheel
