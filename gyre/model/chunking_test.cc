#include "gyre/model/chunking.h"

#include <gtest/gtest.h>

namespace gyre::model {
namespace {

using Weights = std::vector<double>;

// LeRobot's own figures: start 5, end 14, 25 actions.
TEST(ChunkingTest, WeightsFallAsLeRobots) {
  const Weights linear{.9, .8, .7, .6, .5, .4, .3, .2, .1};
  const Weights exp{.7645, .5706, .4130, .2871, .1888, .1145, .0611, .0258, .0061};
  for (const auto& [schedule, tail] :
       {std::pair(PrefixSchedule::kLinear, linear), {PrefixSchedule::kExp, exp}}) {
    const Weights weights = prefix_weights(schedule, 5, 14, 25);
    ASSERT_EQ(weights.size(), 25);
    for (int i = 0; i < 25; ++i) {
      EXPECT_NEAR(weights[i], i < 5 ? 1 : i < 14 ? tail[i - 5] : 0, 5e-5) << i;
    }
  }
  EXPECT_EQ(prefix_weights(PrefixSchedule::kZeros, 2, 3, 4), (Weights{1, 1, 0, 0}));
  EXPECT_EQ(prefix_weights(PrefixSchedule::kOnes, 2, 3, 4), (Weights{1, 1, 1, 0}));
  EXPECT_EQ(prefix_weights(PrefixSchedule::kLinear, 9, 3, 4), (Weights{1, 1, 1, 0}));
}

}  // namespace
}  // namespace gyre::model
