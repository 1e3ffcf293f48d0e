#include "gyre/robot/combined_robot.h"

#include <gtest/gtest.h>

#include <numeric>

#include "gyre/core/error.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/robot/testing.h"

namespace gyre {
namespace {

std::vector<float> six_from(float first) {
  std::vector<float> values(6);
  std::iota(values.begin(), values.end(), 0.0F);
  for (float& value : values) value = first + value / 100;
  return values;
}

// An arm whose bus is lost.
class LostArm : public PerfectJoints {
 public:
  using PerfectJoints::PerfectJoints;
  RobotStatus read(RobotState& state) noexcept override {
    PerfectJoints::read(state);
    state.time_ns = 3;
    return RobotStatus::kFault;
  }
  std::string fault() const override { return "the bus was lost"; }
};

class CombinedRobotTest : public testing::Test {
 protected:
  template <class Right>
  std::unique_ptr<CombinedRobot> two() {
    std::vector<std::unique_ptr<Robot>> arms;
    arms.push_back(std::make_unique<PerfectJoints>(find_embodiment("so101/joint"), six_from(0.1F)));
    arms.push_back(std::make_unique<Right>(find_embodiment("so101/joint"), six_from(0.5F)));
    return std::make_unique<CombinedRobot>(find_embodiment("so101_bimanual/joint"),
                                           std::move(arms));
  }
  static std::vector<float> both(float left, float right) {
    std::vector<float> values = six_from(left);
    const std::vector<float> more = six_from(right);
    values.insert(values.end(), more.begin(), more.end());
    return values;
  }
};

TEST_F(CombinedRobotTest, IsItsArmsOneAfterTheOther) {
  const auto robot = two<PerfectJoints>();
  RobotState state;
  state.values.resize(12);
  EXPECT_EQ(robot->read(state), RobotStatus::kOk);
  EXPECT_EQ(state.values, both(0.1F, 0.5F));
  const std::vector<float> command = both(0.2F, 0.3F);
  EXPECT_TRUE(write_command(*robot, command).reasons.has(Reason::kVelocity));
  EXPECT_TRUE(std::ranges::equal(robot->sent(), command));
  robot->read(state);
  EXPECT_EQ(state.values, command);
  std::vector<float> hold(12);
  robot->hold(hold);
  EXPECT_EQ(hold, command);
}

TEST_F(CombinedRobotTest, OneArmsFaultIsTheWholesAndItsStateAsOldAsTheOldest) {
  const auto robot = two<LostArm>();
  RobotState state;
  state.values.resize(12);
  EXPECT_EQ(robot->read(state), RobotStatus::kFault);
  EXPECT_EQ(state.time_ns, 3);
  EXPECT_EQ(robot->fault(), "the bus was lost");
}

TEST_F(CombinedRobotTest, RefusesArmsThatAreNotItsOwn) {
  std::vector<std::unique_ptr<Robot>> one;
  one.push_back(std::make_unique<PerfectJoints>(find_embodiment("so101/joint"), six_from(0)));
  EXPECT_THROW(CombinedRobot(find_embodiment("so101_bimanual/joint"), std::move(one)), Error);
}

}  // namespace
}  // namespace gyre
