#include "gyre/flywheel/compare/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

constexpr int kMany = 10'000;

// One seed: the plain bootstrap of a proportion, whose interval is nearly the normal one.
TEST(Bootstrap, OfOneSeedIsThatOfAProportion) {
  std::vector<float> outcomes(400, 0);
  for (size_t i = 0; i < 120; ++i) outcomes[i] = 1;
  const Resampled rate = bootstrap({outcomes}, kMany, 1);
  const double spread = 1.96 * std::sqrt(0.3 * 0.7 / 400);
  EXPECT_NEAR(rate.mean, 0.3, 1e-9);
  EXPECT_NEAR(rate.low, 0.3 - spread, 0.006);
  EXPECT_NEAR(rate.high, 0.3 + spread, 0.006);
}

// Two seeds that agree with themselves on every pair: the mean of two draws is 0, 1/2 or 1 with
// chances 1/4, 1/2 and 1/4, so that the interval is the whole range.
TEST(Bootstrap, ResamplesSeedsAsAWhole) {
  const Resampled rate =
      bootstrap({std::vector<float>(50, 0), std::vector<float>(50, 1)}, kMany, 1);
  EXPECT_NEAR(rate.mean, 0.5, 1e-9);
  EXPECT_EQ(rate.low, 0);
  EXPECT_EQ(rate.high, 1);
}

// Seeds that agree on every pair: more of them make the interval no narrower, for it is the scenes
// that are few.
TEST(Bootstrap, ScenesThatAllSeedsShareStayFew) {
  std::vector<float> outcomes(100, 0);
  for (size_t i = 0; i < 50; ++i) outcomes[i] = 1;
  const Resampled one = bootstrap({outcomes}, kMany, 1);
  const Resampled five = bootstrap({outcomes, outcomes, outcomes, outcomes, outcomes}, kMany, 2);
  EXPECT_NEAR(five.high - five.low, one.high - one.low, 0.02);
}

TEST(Bootstrap, TheLevelFitsTheInterval) {
  std::vector<float> differences(100, 0);
  for (size_t i = 0; i < 30; ++i) differences[i] = 1;
  const Resampled clear = bootstrap({differences}, kMany, 1);
  EXPECT_GT(clear.low, 0);
  EXPECT_NEAR(clear.p, 2.0 / (kMany + 1), 1e-9);  // no resampled mean is 0 or below
  for (size_t i = 30; i < 60; ++i) differences[i] = -1;
  const Resampled none = bootstrap({differences}, kMany, 1);
  EXPECT_NEAR(none.mean, 0, 1e-9);
  EXPECT_GT(none.p, 0.9);
  EXPECT_EQ(bootstrap({std::vector<float>(10, 0)}, kMany, 1).p, 1);
}

TEST(Bootstrap, TheSameSeedGivesTheSameBits) {
  const std::vector<std::vector<float>> values = {{0, 1, 1, 0, 1}, {1, 1, 0, 0, 1}};
  const Resampled first = bootstrap(values, 500, 3), again = bootstrap(values, 500, 3);
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  EXPECT_EQ(first.p, again.p);
}

TEST(Bootstrap, RefusesWhatIsNoTable) {
  EXPECT_NE(message_of([] { bootstrap({}, kMany, 1); }).find("nothing"), std::string::npos);
  EXPECT_NE(message_of([] {
              bootstrap({{1, 0}, {1}}, kMany, 1);
            }).find("unequal"),
            std::string::npos);
  EXPECT_NE(message_of([] { bootstrap({{1, 0}}, 10, 1); }).find("100"), std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
