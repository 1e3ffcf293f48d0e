// The picture of a folder's arm.
#include "gyre/sim/arm_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace gyre::sim {
namespace {

// Pixels that stand out from the floor, which is grey.
int coloured(const Image& image) {
  int count = 0;
  for (size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    const auto [low, high] = std::minmax({image.rgb[i], image.rgb[i + 1], image.rgb[i + 2]});
    count += high - low > 60 || high < 90;
  }
  return count;
}

TEST(ArmPicture, ShowsTheArmWhole) {
  for (const char* name : {"so101", "panda"}) {
    const Image image = arm_picture(RobotFolder::load(name), 160, 120);
    ASSERT_EQ(image.rgb.size(), 160u * 120 * 3);
    EXPECT_GT(coloured(image), 160 * 120 / 100) << name;
    // Nothing of it is cut off at the edges.
    Image edge = Image::black(160, 2);
    std::copy_n(image.rgb.begin(), 480, edge.rgb.begin());
    std::copy_n(image.rgb.end() - 480, 480, edge.rgb.begin() + 480);
    EXPECT_EQ(coloured(edge), 0) << name;
  }
}

TEST(ArmPicture, ShowsSeveralArmsBesideOneAnother) {
  const Image one = arm_picture(RobotFolder::load("so101"), 160, 120);
  const Image two = arm_picture(RobotFolder::load("so101_bimanual"), 160, 120);
  EXPECT_EQ(two.width, 320);
  EXPECT_EQ(two.height, 120);
  EXPECT_EQ(coloured(two), 2 * coloured(one));
}

}  // namespace
}  // namespace gyre::sim
