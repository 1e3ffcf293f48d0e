#include "gyre/flywheel/sequential.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {
namespace {

using State = PairedTest::State;
constexpr std::array kFiveLooks = {0.2, 0.4, 0.6, 0.8, 1.0};

void expect_boundaries(const std::vector<double>& fractions, const std::vector<double>& published) {
  const std::vector<double> boundaries = look_boundaries(fractions);
  ASSERT_EQ(boundaries.size(), published.size());
  for (size_t i = 0; i < published.size(); ++i) EXPECT_NEAR(boundaries[i], published[i], 3e-4);
}

// The tables of Lan and DeMets' spending of O'Brien-Fleming type, one-sided 0.025, as ldbounds and
// gsDesign (sfLDOF) print them.
TEST(Sequential, BoundariesAreThePublishedOnes) {
  expect_boundaries({1}, {1.9600});
  expect_boundaries({0.5, 1}, {2.9626, 1.9686});
  expect_boundaries({1 / 3.0, 2 / 3.0, 1}, {3.7103, 2.5114, 1.9930});
  expect_boundaries({0.25, 0.5, 0.75, 1}, {4.3326, 2.9631, 2.3590, 2.0141});
  expect_boundaries({0.2, 0.4, 0.6, 0.8, 1}, {4.8769, 3.3569, 2.6803, 2.2898, 2.0310});
}

TEST(Sequential, TheNormalDistributionAndItsInverse) {
  EXPECT_NEAR(normal_cdf(1.959963984540054), 0.975, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-9);
  EXPECT_NEAR(normal_quantile(1e-6), -4.753424308822899, 1e-9);
}

TEST(Sequential, AllErrorIsSpentAtTheEnd) {
  EXPECT_EQ(spent_error(0), 0);
  EXPECT_NEAR(spent_error(1), kOneSided, 1e-12);
  EXPECT_NEAR(spent_error(0.5), 0.00153, 1e-5);
}

TEST(Sequential, RefusesLooksThatAreNoPlan) {
  for (const std::vector<double>& wrong :
       {std::vector<double>{}, {0.5}, {0.5, 0.5, 1}, {0, 1}, {0.1, 0.2, 0.3, 0.4, 0.5, 1}}) {
    EXPECT_THROW(look_boundaries(wrong), Error);
  }
}

TEST(Sequential, LooksThatRoundToTheSamePairsAreOne) {
  const LookPlan plan = plan_looks(3, kFiveLooks);
  EXPECT_EQ(plan.pairs, (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(plan.boundaries.size(), 3U);
}

TEST(PairedTest, HoldsWhereTheStatisticReachesTheBoundary) {
  PairedTest test(plan_looks(200, kFiveLooks), 0, 0.2);
  EXPECT_EQ(test.look({.pairs = 40, .gained = 16, .lost = 2}), State::kOpen);
  EXPECT_NEAR(test.statistic(), 14 / std::sqrt(18.0), 1e-12) << "McNemar's";
  EXPECT_EQ(test.look({.pairs = 80, .gained = 30, .lost = 4}), State::kHolds);
  EXPECT_NEAR(test.boundary(), 3.3569, 3e-4);
  EXPECT_EQ(test.looks(), 2);
}

TEST(PairedTest, FailsAtTheLastLookOtherwise) {
  PairedTest test(plan_looks(80, std::array{0.5, 1.0}), 0.05, 0);
  EXPECT_EQ(test.look({.pairs = 40, .gained = 2, .lost = 2}), State::kOpen);
  EXPECT_EQ(test.look({.pairs = 80, .gained = 2, .lost = 5}), State::kFails);
}

TEST(PairedTest, GivesUpWhereTheHopedDifferenceIsRefuted) {
  PairedTest test(plan_looks(800, kFiveLooks), 0.05, 0);
  EXPECT_EQ(test.look({.pairs = 160, .gained = 0, .lost = 16}), State::kFails);
  EXPECT_EQ(test.looks(), 1);
}

TEST(PairedTest, RefusesALookThatWasNotPlanned) {
  PairedTest test(plan_looks(200, kFiveLooks), 0, 0.2);
  EXPECT_THROW(test.look({.pairs = 41}), Error);
}

TEST(PairedTest, FewestPairs) {
  EXPECT_EQ(fewest_pairs(0, 2.031), 5);
  for (const double margin : {0.02, 0.05, 0.1}) {
    const int64_t fewest = fewest_pairs(margin, 2.031);
    EXPECT_GE(tango_score(0, 0, fewest, -margin), 2.031);
    EXPECT_LT(tango_score(0, 0, fewest - 1, -margin), 2.031);
  }
}

// Share of simulated tests that hold, with 5 looks at 800 pairs and a margin of 5 points.
double held(double gained, double lost, int tests) {
  const LookPlan plan = plan_looks(800, kFiveLooks);
  Rng rng(3);
  int holds = 0;
  for (int i = 0; i < tests; ++i) {
    PairedTest test(plan, 0.05, 0);
    PairCounts counts;
    for (const int64_t pairs : plan.pairs) {
      for (; counts.pairs < pairs; ++counts.pairs) {
        const double draw = rng.uniform();
        counts.gained += draw < gained;
        counts.lost += draw >= gained && draw < gained + lost;
      }
      if (test.look(counts) != State::kOpen) break;
    }
    holds += test.state() == State::kHolds;
  }
  return static_cast<double>(holds) / tests;
}

TEST(PairedTest, ErrsAtTheMarginAsOftenAsPlannedAndHasItsPower) {
  constexpr int kTests = 4000;
  const double noise = 4 * std::sqrt(kOneSided / kTests);
  EXPECT_LE(held(0.03, 0.08, kTests), kOneSided + noise);
  EXPECT_LE(held(0.0, 0.05, kTests), kOneSided + noise);
  EXPECT_GE(held(0.05, 0.05, kTests), 0.97);
}

TEST(PairedTest, TheVisibleDifferenceIsSeenNineTimesInTen) {
  const double boundary = plan_looks(800, kFiveLooks).boundaries.back();
  EXPECT_NEAR(visible_difference(800, 0.16, boundary), 0.0468, 1e-3);
  EXPECT_GT(held(0.08, 0.08, 2000), 0.88);
}

}  // namespace
}  // namespace gyre::flywheel
