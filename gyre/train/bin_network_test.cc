#include "gyre/train/bin_network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"

namespace gyre::train {
namespace {

constexpr BinNetworkConfig kSmall{.hidden = 8, .bins = 4, .batch = 32, .steps = 150};

// The bin is the quarter of [0, 1) that the first number lies in; the second one is noise.
std::vector<float> learnt(uint64_t seed) {
  BinNetwork network(2, {.hidden = 8, .bins = 4, .batch = 32, .steps = 200, .learning_rate = 0.03},
                     seed);
  Rng rng(seed);
  network.fit([&](std::span<float> input) {
    for (float& value : input) value = static_cast<float>(rng.uniform());
    return static_cast<int>(4 * input[0]);
  });
  return network.expected(std::vector<float>{0.1F, 0.9F, 0.4F, 0.1F, 0.6F, 0.9F, 0.9F, 0.1F});
}

TEST(BinNetwork, LearnsTheBin) {
  const std::vector<float> expected = learnt(3);
  ASSERT_EQ(expected.size(), 4U);
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(expected[i], static_cast<float>(i), 0.5F);
}

TEST(BinNetwork, EqualSeedsGiveEqualBits) {
  EXPECT_EQ(learnt(4), learnt(4));
  EXPECT_NE(learnt(4), learnt(5));
}

TEST(BinNetwork, RefusesNumbersThatAreNotFinite) {
  BinNetwork network(1, kSmall, 1);
  EXPECT_THROW(network.fit([](std::span<float> input) {
    input[0] = NAN;
    return 0;
  }),
               Error);
}

}  // namespace
}  // namespace gyre::train
