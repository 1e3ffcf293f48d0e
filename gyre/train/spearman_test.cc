#include "gyre/train/spearman.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::train {
namespace {

using Values = std::vector<float>;

TEST(Spearman, RanksAloneCount) {
  EXPECT_DOUBLE_EQ(spearman(Values{1, 2, 3, 4}, Values{1, 10, 100, 1000}), 1);
  EXPECT_DOUBLE_EQ(spearman(Values{1, 2, 3, 4}, Values{4, 3, 2, 1}), -1);
  EXPECT_DOUBLE_EQ(spearman(Values{1, 2, 3, 4, 5}, Values{2, 1, 4, 3, 5}), 0.8);
}

TEST(Spearman, EqualValuesShareTheirRank) {
  // Ranks 0.5 0.5 2 against 0 1 2: covariance 1.5, variances 1.5 and 2.
  EXPECT_DOUBLE_EQ(spearman(Values{1, 1, 2}, Values{1, 2, 3}), 1.5 / std::sqrt(3.0));
  EXPECT_EQ(spearman(Values{1, 1, 1}, Values{1, 2, 3}), 0);
  EXPECT_EQ(spearman(Values{}, Values{}), 0);
}

TEST(Spearman, RefusesWhatHasNoRank) {
  EXPECT_THROW(spearman(Values{1, NAN}, Values{1, 2}), Error);
  EXPECT_THROW(spearman(Values{1}, Values{1, 2}), Error);
}

}  // namespace
}  // namespace gyre::train
