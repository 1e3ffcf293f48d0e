#include "gyre/flywheel/exact_tests.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

// The example of R's poisson.test: 11 events in 800 against 21 in 3011, 95 % interval up to 4.277.
TEST(ExactTests, TheBoundOfARatioIsRs) {
  EXPECT_NEAR(rate_ratio_upper(11, 800, 21, 3011), 4.2772659, 1e-6);
}

TEST(ExactTests, WithoutOldEventsNothingIsKnownOfTheRatio) {
  EXPECT_TRUE(std::isinf(rate_ratio_upper(0, 100, 0, 100)));
  EXPECT_TRUE(std::isinf(rate_ratio_upper(3, 100, 0, 100)));
  EXPECT_LT(rate_ratio_upper(0, 100, 20, 100), 0.25);
}

TEST(ExactTests, ManyEqualEventsBoundTheRatio) {
  EXPECT_GT(rate_ratio_upper(50, 1000, 50, 1000), 1.4);
  EXPECT_LT(rate_ratio_upper(500, 1000, 500, 1000), 1.2);
}

// The values of scipy.stats.boschloo_exact (alternative "less") and R's Exact package.
TEST(ExactTests, BoschloosTestIsScipys) {
  EXPECT_NEAR(boschloo_less(2, 10, 7, 9), 0.009886142, 1e-7);
  EXPECT_NEAR(boschloo_less(5, 15, 1, 11), 0.9450994, 1e-6);
  EXPECT_NEAR(boschloo_less(5, 25, 16, 41), 0.05827348, 1e-7);
  EXPECT_NEAR(boschloo_less(10, 20, 5, 6), 0.08565611, 1e-7);
}

TEST(ExactTests, BoschloosRegionIsKnownBeforeTheOutcomes) {
  const BoschlooRegion region(8, 0.025);
  for (int64_t x = 0; x <= 8; ++x) {
    for (int64_t y = 0; y <= 8; ++y) {
      EXPECT_EQ(region.holds(x, y), boschloo_less(x, 8, y, 8) <= 0.025) << x << " " << y;
    }
  }
  for (const double rate : {0.1, 0.5, 0.8}) {
    EXPECT_LE(region.power(rate, rate), 0.025) << "equal groups";
    EXPECT_LT(region.power(rate, rate), region.power(rate, rate + 0.15));
  }
  EXPECT_NEAR(region.power(0, 1), 1, 1e-12);
  EXPECT_FALSE(BoschlooRegion(2, 0.025).holds(0, 2)) << "two of each show nothing";
  EXPECT_TRUE(BoschlooRegion(3, 0.025).holds(0, 3)) << "1 in 64 at most";
}

TEST(ExactTests, RefuseCountsThatAreImpossible) {
  EXPECT_THROW(rate_ratio_upper(-1, 10, 1, 10), Error);
  EXPECT_THROW(rate_ratio_upper(1, 0, 1, 10), Error);
  EXPECT_THROW(boschloo_less(3, 2, 0, 1), Error);
  EXPECT_THROW(boschloo_less(0, 0, 0, 1), Error);
}

}  // namespace
}  // namespace gyre::flywheel
