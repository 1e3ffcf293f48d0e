#include "gyre/run/hand_motion.h"

#include <gtest/gtest.h>

#include "gyre/robot/robot_folder.h"

namespace gyre::run {
namespace {

size_t field(const Embodiment& contract, const std::string& name) {
  for (size_t i = 0; i < contract.action.size(); ++i) {
    if (contract.action[i].name == name) return i;
  }
  ADD_FAILURE() << name;
  return 0;
}

TEST(HandMotion, MovesTheHandAsSeenFromBehindTheRobot) {
  const Embodiment contract = find_embodiment("so101/ee");
  HandMotion motion(contract);
  const auto right = motion.act({.left_x = 1}, 0.1);
  EXPECT_LT(right[field(contract, "dy")], 0);
  EXPECT_EQ(right[field(contract, "dx")], 0);
  EXPECT_GT(motion.act({.left_y = 1}, 0.1)[field(contract, "dx")], 0);
  EXPECT_GT(motion.act({.right_y = 1}, 0.1)[field(contract, "dz")], 0);
  EXPECT_LT(motion.act({.right_x = 1}, 0.1)[field(contract, "drz")], 0);
}

TEST(HandMotion, StaysWithinAQuarterOfADeltasRange) {
  const Embodiment contract = find_embodiment("so101/ee");
  HandMotion motion(contract);
  const size_t dz = field(contract, "dz");
  const Field& limits = contract.action[dz];
  EXPECT_FLOAT_EQ(motion.act({.right_y = 5}, 0.1)[dz],
                  static_cast<float>((limits.max - limits.min) / 4));
}

TEST(HandMotion, GoesOnFromTheNewestCommand) {
  const Embodiment contract = find_embodiment("so101/joint");
  HandMotion motion(contract);
  const std::vector<float> sent = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.25F};
  motion.begin(sent);
  const auto still = motion.act({}, 0.1);
  EXPECT_EQ(std::vector<float>(still.begin(), still.end()), sent);
  const auto moved = motion.act({.left_x = 1, .gripper = 1}, 0.1);
  const Field& pan = contract.action[0];
  EXPECT_NEAR(moved[0], 0.1 + 0.05 * (pan.max - pan.min), 1e-6);
  EXPECT_NEAR(moved[5], 0.25 + 0.15, 1e-6);
  EXPECT_EQ(moved[1], 0.2F);
}

TEST(HandMotion, NeverLeavesTheContractsRange) {
  const Embodiment contract = find_embodiment("so101/joint");
  HandMotion motion(contract);
  for (int i = 0; i < 100; ++i) motion.act({.left_x = 1, .gripper = 1}, 0.1);
  const auto action = motion.act({.left_x = 1, .gripper = 1}, 0.1);
  EXPECT_FLOAT_EQ(action[0], static_cast<float>(contract.action[0].max));
  EXPECT_FLOAT_EQ(action[5], 1);
}

}  // namespace
}  // namespace gyre::run
