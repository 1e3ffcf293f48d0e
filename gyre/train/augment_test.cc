#include "gyre/train/augment.h"

#include <gtest/gtest.h>

#include <vector>

namespace gyre::train {
namespace {

constexpr int kPlaneSide = 8;

std::vector<uint8_t> one_red_pixel(int x, int y) {
  std::vector<uint8_t> image(3 * kPlaneSide * kPlaneSide);
  image[3 * (y * kPlaneSide + x)] = 255;
  return image;
}

TEST(Augment, WithoutChangeItOnlyScales) {
  std::vector<float> planes(3 * kPlaneSide * kPlaneSide);
  augmented_planes(one_red_pixel(2, 3), {}, kPlaneSide, planes);
  EXPECT_FLOAT_EQ(planes[3 * kPlaneSide + 2], 1);
  EXPECT_FLOAT_EQ(planes[3 * kPlaneSide + 3], -1);
  EXPECT_FLOAT_EQ(planes[kPlaneSide * kPlaneSide + 3 * kPlaneSide + 2], -1);
}

TEST(Augment, ShiftMovesAndRepeatsTheBorder) {
  std::vector<float> planes(3 * kPlaneSide * kPlaneSide);
  augmented_planes(one_red_pixel(7, 3), {.shift_x = -2, .shift_y = 1}, kPlaneSide, planes);
  for (int x = 5; x < kPlaneSide; ++x) EXPECT_FLOAT_EQ(planes[4 * kPlaneSide + x], 1) << x;
  EXPECT_FLOAT_EQ(planes[4 * kPlaneSide + 4], -1);
  EXPECT_FLOAT_EQ(planes[3 * kPlaneSide + 7], -1);
}

TEST(Augment, DrawsStayInBounds) {
  Rng rng(3);
  const AugmentConfig config;
  int low = 0, high = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto change = Augmentation::draw(config, rng);
    low = std::min(low, change.shift_x);
    high = std::max(high, change.shift_x);
    EXPECT_LE(std::abs(change.contrast - 1), config.contrast + 1e-6);
  }
  EXPECT_EQ(low, -config.shift);
  EXPECT_EQ(high, config.shift);
}

}  // namespace
}  // namespace gyre::train
