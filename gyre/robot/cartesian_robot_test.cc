#include "gyre/robot/cartesian_robot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gyre/core/allocation_counter.h"
#include "gyre/robot/testing.h"

namespace gyre {
namespace {

class CartesianRobotTest : public testing::TestWithParam<const char*> {
 protected:
  CartesianRobotTest() : folder_(RobotFolder::load(GetParam())) {
    Kinematics kinematics(folder_);
    std::vector<double> joints;
    for (const ArmJoint& joint : folder_->joints) joints.push_back(joint.home);
    kinematics.solve(joints, {folder_->tool.home, {0, 1, 0, 0}}, 200);
    home_ = kinematics.grasp_pose(joints);
    std::vector<float> at(joints.begin(), joints.end());
    at.push_back(1);
    auto inner = std::make_unique<PerfectJoints>(folder_->contract("joint", 48), at);
    inner_ = inner.get();
    robot_ = std::make_unique<CartesianRobot>(std::move(inner), folder_);
    state_.values.resize(robot_->embodiment().state.size());
    command_.resize(robot_->embodiment().action.size());
  }

  std::vector<float> sent_joints() const { return {inner_->sent().begin(), inner_->sent().end()}; }

  std::shared_ptr<const RobotFolder> folder_;
  PerfectJoints* inner_;
  std::unique_ptr<CartesianRobot> robot_;
  Pose home_;
  RobotState state_;
  std::vector<float> command_;
};

TEST_P(CartesianRobotTest, OffersTheEeContract) {
  EXPECT_EQ(robot_->embodiment(), folder_->contract("ee", 48));
  ASSERT_EQ(robot_->read(state_), RobotStatus::kOk);
  for (size_t axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(state_.values[axis], home_.position[axis], 1e-5);
  }
  const std::array<double, 9> matrix = rotation_matrix(home_.rotation);
  for (size_t row = 0; row < 3; ++row) {
    EXPECT_NEAR(state_.values[3 + row], matrix[3 * row], 1e-5);
    EXPECT_NEAR(state_.values[6 + row], matrix[3 * row + 1], 1e-5);
  }
  EXPECT_EQ(state_.time_ns, 7);
}

TEST_P(CartesianRobotTest, GoesWhereItIsToldAndReportsWhatTheJointRobotDid) {
  robot_->read(state_);
  const std::vector<float> before = state_.values;
  for (int i = 0; i < 3; ++i) {
    robot_->hold(command_);
    command_[1] = 0.01f;
    command_.back() = 0.25f;
    const WriteResult result = robot_->write(command_);
    EXPECT_EQ(result.status, RobotStatus::kOk);
    EXPECT_TRUE(result.reasons.has(Reason::kVelocity));
    EXPECT_LT(result.residual, 1e-3f);
  }
  robot_->read(state_);
  EXPECT_NEAR(state_.values[0], before[0], 2e-3);
  EXPECT_NEAR(state_.values[1], before[1] + 0.03, 2e-3);
  EXPECT_EQ(state_.values.back(), 0.25f);
}

TEST_P(CartesianRobotTest, HoldStays) {
  robot_->read(state_);
  const std::vector<float> before = state_.values;
  for (int i = 0; i < 10; ++i) {
    robot_->hold(command_);
    robot_->write(command_);
  }
  robot_->read(state_);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(state_.values[i], before[i], 1e-3);
}

// Commands that are carried out at half: the commanded pose runs ahead.
class HalfWay : public PerfectJoints {
 public:
  using PerfectJoints::PerfectJoints;
  WriteResult write(std::span<const float> command) noexcept override {
    std::vector<float> half(command.begin(), command.end());
    std::vector<float> at(half.size());
    hold(at);
    for (size_t i = 0; i + 1 < half.size(); ++i) half[i] = (half[i] + at[i]) / 2;
    last = half;
    return PerfectJoints::write(half);
  }
  std::vector<float> last;
};

TEST_P(CartesianRobotTest, ACommandOfNoMotionDoesNotPursueThePoseBefore) {
  std::vector<float> at(sent_joints());
  auto inner = std::make_unique<HalfWay>(folder_->contract("joint", 48), at);
  HalfWay& arm = *inner;
  CartesianRobot robot(std::move(inner), folder_);
  robot.read(state_);
  robot.hold(command_);
  command_[1] = 0.02F;
  for (int i = 0; i < 3; ++i) robot.write(command_);
  const std::vector<float> where = arm.last;
  robot.hold(command_);
  for (int i = 0; i < 3; ++i) robot.write(command_);
  EXPECT_EQ(arm.last, where);
}

TEST_P(CartesianRobotTest, StaysInsideTheWorkspace) {
  for (int i = 0; i < 60; ++i) {
    robot_->hold(command_);
    command_[2] = -0.02f;
    robot_->write(command_);
  }
  EXPECT_GE(robot_->target().position[2], folder_->workspace.min[2] - 1e-3);
}

TEST_P(CartesianRobotTest, RefusesUnusableCommandsAndHolds) {
  robot_->read(state_);
  const std::vector<float> before = state_.values;
  robot_->hold(command_);
  command_[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(robot_->write(command_).status, RobotStatus::kFault);
  EXPECT_NE(robot_->fault(), "");
  EXPECT_EQ(robot_->write(std::vector<float>(3)).status, RobotStatus::kFault);
  robot_->read(state_);
  EXPECT_EQ(state_.values, before);
  EXPECT_EQ(inner_->writes(), 2) << "a simulated arm's time goes on";
  robot_->hold(command_);
  EXPECT_EQ(robot_->write(command_).status, RobotStatus::kOk);
  EXPECT_EQ(robot_->fault(), "");
}

#ifdef GYRE_COUNTS_ALLOCATIONS
TEST_P(CartesianRobotTest, AllocatesNothingWhileItRuns) {
  const int64_t before = thread_allocations;
  for (int i = 0; i < 5; ++i) {
    robot_->read(state_);
    robot_->hold(command_);
    command_[0] = 0.01f;
    robot_->write(command_);
  }
  robot_->stop();
  EXPECT_EQ(thread_allocations, before);
}
#endif

INSTANTIATE_TEST_SUITE_P(Arms, CartesianRobotTest, testing::Values("so101", "panda"),
                         [](const auto& info) { return std::string(info.param); });

TEST(MotionToAction, TheSameMotionReachesBothContracts) {
  const auto folder = RobotFolder::load("panda");
  std::vector<double> joints;
  for (const ArmJoint& joint : folder->joints) joints.push_back(joint.home);
  const Motion motion{.translation = {0.01, -0.02, 0.005}, .gripper = 0.5};

  MotionToAction to_ee(folder, folder->contract("ee", 64));
  std::vector<float> ee(7);
  to_ee.convert(motion, joints, joints, ee);
  EXPECT_EQ(ee, std::vector<float>({0.01f, -0.02f, 0.005f, 0, 0, 0, 0.5f}));

  MotionToAction to_joints(folder, folder->contract("joint", 64));
  std::vector<float> targets(8);
  to_joints.convert(motion, joints, joints, targets);
  Kinematics kinematics(folder);
  const Vec3 from = kinematics.grasp_pose(joints).position;
  const std::vector<double> moved(targets.begin(), targets.end() - 1);
  const Vec3 at = kinematics.grasp_pose(moved).position;
  for (size_t axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(at[axis] - from[axis], motion.translation[axis], 1e-3);
  }
  EXPECT_EQ(targets.back(), 0.5f);
}

}  // namespace
}  // namespace gyre
