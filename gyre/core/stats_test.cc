#include "gyre/core/stats.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"

namespace gyre {
namespace {

Stats of(const std::vector<std::vector<float>>& rows) {
  RunningStats running(rows.at(0).size());
  for (const auto& row : rows) running.add(row);
  return running.stats();
}

TEST(Stats, FewRowsAreExact) {
  const Stats s = of({{1, 10}, {2, 10}, {3, 10}, {4, 10}, {5, 10}});
  EXPECT_EQ(s.count, 5);
  EXPECT_DOUBLE_EQ(s.mean[0], 3);
  EXPECT_DOUBLE_EQ(s.std[0], std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(s.min[0], 1);
  EXPECT_DOUBLE_EQ(s.max[0], 5);
  EXPECT_DOUBLE_EQ(s.q50[0], 3);
  EXPECT_DOUBLE_EQ(s.q01[0], 1);
  EXPECT_DOUBLE_EQ(s.q90[0], 5);
  EXPECT_DOUBLE_EQ(s.std[1], 0);
  EXPECT_DOUBLE_EQ(s.q99[1], 10);
}

// Beyond the exact rows the histogram must agree to about a bin, and widen when the range does.
TEST(Stats, ManyRowsFollowTheDistribution) {
  RunningStats running(2);
  Rng rng(3);
  for (int i = 0; i < 150'000; ++i) {
    const auto value = static_cast<float>(i < 120'000 ? rng.uniform() : rng.uniform(0, 3));
    running.add(std::vector<float>{value, 7});
  }
  const Stats s = running.stats();
  // P(x < t) = 0.8 t + 0.2 t / 3 for t < 1, then 0.8 + 0.2 t / 3.
  EXPECT_NEAR(s.q50[0], 0.5 / (0.8 + 0.2 / 3), 0.01);
  EXPECT_NEAR(s.q01[0], 0.01 / (0.8 + 0.2 / 3), 0.002);
  EXPECT_NEAR(s.q99[0], (0.99 - 0.8) * 3 / 0.2, 0.03);
  EXPECT_NEAR(s.max[0], 3, 0.01);
  EXPECT_DOUBLE_EQ(s.q50[1], 7);
}

TEST(Stats, AreExactForAsManyRowsAsAreAskedFor) {
  RunningStats exact(1, 200'000), binned(1);
  for (int i = 0; i < 150'000; ++i) {
    const float value[] = {i % 2 == 0 ? 0.25f : 1000.0f};
    exact.add(value);
    binned.add(value);
  }
  EXPECT_EQ(exact.stats().q10[0], 0.25);
  EXPECT_NE(binned.stats().q10[0], 0.25);
}

TEST(Stats, MergePoolsMomentsAndTakesTheEnvelope) {
  const Stats a = of({{0}, {1}, {2}, {3}});
  const Stats b = of({{10}, {12}});
  const Stats whole = of({{0}, {1}, {2}, {3}, {10}, {12}});
  const Stats merged = merge_stats(std::vector{a, b});
  EXPECT_EQ(merged.count, 6);
  EXPECT_NEAR(merged.mean[0], whole.mean[0], 1e-12);
  EXPECT_NEAR(merged.std[0], whole.std[0], 1e-12);
  EXPECT_EQ(merged.min, whole.min);
  EXPECT_EQ(merged.max, whole.max);
  EXPECT_EQ(merged.q01, a.q01);
  EXPECT_EQ(merged.q50, a.q50);
  EXPECT_EQ(merged.q99, b.q99);
}

TEST(Stats, RefusesWhatIsNoNumber) {
  RunningStats running(2);
  EXPECT_THROW(running.stats(), Error);
  EXPECT_THROW(running.add(std::vector<float>{1}), Error);
  EXPECT_THROW(running.add(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}), Error);
  EXPECT_EQ(running.count(), 0);
  const Stats two = of({{1, 2}}), one = of({{1}});
  EXPECT_THROW(merge_stats(std::vector{two, one}), Error);
  EXPECT_THROW(merge_stats({}), Error);
}

}  // namespace
}  // namespace gyre
