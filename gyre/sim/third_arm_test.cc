// A robot that this program was not written for: a folder is all that it takes.
#include <gtest/gtest.h>

#include <cmath>

#include "gyre/io/scratch_folder.h"
#include "gyre/robot/import/new_folder.h"
#include "gyre/robot/kinematics.h"
#include "gyre/sim/testing.h"
#include "tests/source_dir.h"

namespace gyre::sim {
namespace {

const std::string kFolder = source_dir() / "gyre/sim/testdata/sixarm";

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

// A folder that was written from the arm's model alone, by a new name.
TEST(ThirdArm, AFolderFromItsModelIsDriven) {
  const io::ScratchFolder scratch;
  const std::string folder = (scratch.path() / "written").string();
  const RobotSource source = RobotSource::read(kFolder + "/robot.xml");
  write_new_folder("written", source,
                   plan_folder(source, {.tool = "tcp",
                                        .joints = "base,shoulder,elbow,forearm_roll,wrist_pitch,"
                                                  "tool_roll",
                                        .gripper = "left_pad,right_pad",
                                        .closed = "0",
                                        .open = "0.04",
                                        .velocity = "3",
                                        .acceleration = "30",
                                        .home = "0,shoulder=0.1,elbow=0.5,wrist_pitch=1",
                                        .rate = "10",
                                        .scale = "1"}),
                   folder);
  const auto bench = open_bench("open_drawer", folder + "/joint", 1);
  Robot& robot = bench->robot();
  std::vector<float> action(7);
  robot.hold(action);
  const float before = action[0];
  action[0] += 0.4F;
  for (int i = 0; i < 10; ++i) ASSERT_EQ(write_command(robot, action).status, RobotStatus::kOk);
  RobotState state;
  state.values.resize(7);
  robot.read(state);
  EXPECT_NEAR(state.values[0], before + 0.4F, 0.01);
}

// One whose servos were made from a URDF's inertias and efforts.
TEST(ThirdArm, AFolderFromAUrdfIsDriven) {
  const io::ScratchFolder scratch;
  const std::string folder = (scratch.path() / "written").string();
  const RobotSource source =
      RobotSource::read(source_dir() / "gyre/robot/testdata/two_joints.urdf");
  write_new_folder("written", source,
                   plan_folder(source, {.tool = "tool0",
                                        .gripper = "finger,finger_2",
                                        .closed = "0",
                                        .open = "0.04",
                                        .acceleration = "20",
                                        .home = "shoulder=0.4,elbow=0.9",
                                        .rate = "10"}),
                   folder);
  const auto bench = open_bench("open_drawer", folder + "/joint", 1);
  Robot& robot = bench->robot();
  std::vector<float> action(3);
  for (const float goal : {0.2F, 0.8F}) {
    action = {goal, 0.5F, goal};
    for (int i = 0; i < 20; ++i) ASSERT_EQ(write_command(robot, action).status, RobotStatus::kOk);
    RobotState state;
    state.values.resize(3);
    robot.read(state);
    EXPECT_NEAR(state.values[0], goal, 0.02);
    EXPECT_NEAR(state.values[1], 0.5, 0.02);
    EXPECT_NEAR(state.values[2], goal, 0.1);
  }
}

}  // namespace
}  // namespace gyre::sim
