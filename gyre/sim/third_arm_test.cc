// A robot that this program was not written for: a folder is all that it takes.
#include <gtest/gtest.h>

#include <cmath>

#include "gyre/robot/kinematics.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

const std::string kFolder = std::string(GYRE_SOURCE_DIR) + "/gyre/sim/testdata/sixarm";

TEST(ThirdArm, HasContractsOfItsOwn) {
  const KitchenArena arena;
  const Embodiment ee = arena.contract(kFolder + "/ee", 64);
  const Embodiment joint = arena.contract(kFolder + "/joint", 64);
  EXPECT_EQ(ee.name, "sixarm/ee");
  EXPECT_EQ(ee.action.size(), 7u);
  EXPECT_EQ(joint.action.size(), 7u);
  EXPECT_EQ(joint.action[3].name, "forearm_roll");
  EXPECT_EQ(ee.cameras[1].mounting, "hand");
  EXPECT_NE(ee.contract_hash(), joint.contract_hash());
}

TEST(ThirdArm, ReachesPosesByCartesianCommands) {
  const auto bench = open_bench("open_drawer", kFolder + "/ee", 1);
  Robot& robot = bench->robot();
  RobotState state;
  state.values.resize(10);
  std::vector<float> action(7);
  for (const Vec3& goal : {Vec3{0.45, 0.1, 0.2}, Vec3{0.38, -0.15, 0.3}}) {
    for (int i = 0; i < 40; ++i) {
      robot.read(state);
      robot.hold(action);
      for (size_t axis = 0; axis < 3; ++axis) {
        action[axis] = static_cast<float>(0.6 * (goal[axis] - state.values[axis]));
      }
      ASSERT_EQ(write_command(robot, action).status, RobotStatus::kOk) << robot.fault();
    }
    robot.read(state);
    for (size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(state.values[axis], goal[axis], 0.004);
  }
  EXPECT_NEAR(state.values[3], 1, 0.02) << "the tool still points down";
  EXPECT_NEAR(state.values[7], -1, 0.02);
}

TEST(ThirdArm, ReachesPosesByJointCommands) {
  const auto bench = open_bench("open_drawer", kFolder + "/joint", 1);
  const auto folder = RobotFolder::load(kFolder);
  Kinematics kinematics(folder);
  std::vector<double> joints;
  for (const ArmJoint& joint : folder->joints) joints.push_back(joint.home);
  const Pose goal{{0.45, 0.1, 0.2}, {0, 1, 0, 0}};
  ASSERT_LT(kinematics.solve(joints, goal, 200), 1e-3);
  std::vector<float> action(joints.begin(), joints.end());
  action.push_back(0.5f);
  Robot& robot = bench->robot();
  for (int i = 0; i < 20; ++i) ASSERT_EQ(write_command(robot, action).status, RobotStatus::kOk);
  RobotState state;
  state.values.resize(7);
  robot.read(state);
  for (size_t i = 0; i < joints.size(); ++i) EXPECT_NEAR(state.values[i], joints[i], 0.01) << i;
  EXPECT_NEAR(state.values.back(), 0.5, 0.1);
  const std::vector<double> reached(state.values.begin(), state.values.end() - 1);
  const Vec3 at = kinematics.grasp_pose(reached).position;
  for (size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(at[axis], goal.position[axis], 0.006);
}

TEST(ThirdArm, ItsExpertsSolveTasksInTheKitchen) {
  const KitchenArena arena;
  for (const char* space : {"/ee", "/joint"}) {
    int solved = 0;
    for (const run::Attempt& attempt : arena.deal("trained", {kFolder + space}, 6, 3)) {
      const auto bench = arena.open(attempt, {.image_size = 32});
      for (Camera* camera : bench->cameras()) EXPECT_TRUE(camera->newest());
      solved += make_attempt(*bench).success;
    }
    EXPECT_GE(solved, 5) << space;
  }
}

}  // namespace
}  // namespace gyre::sim
