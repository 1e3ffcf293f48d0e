#include "gyre/robot/kinematics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gyre {
namespace {

double distance(const Vec3& a, const Vec3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(Kinematics, FindsJointsThatReachAPose) {
  for (const char* name : {"so101", "panda"}) {
    const auto robot = RobotFolder::load(name);
    Kinematics kinematics(robot);
    std::vector<double> wanted, joints;
    for (const ArmJoint& joint : robot->joints) {
      joints.push_back(joint.home);
      wanted.push_back(std::clamp(joint.home + 0.2, joint.min, joint.max));
    }
    const Pose target = kinematics.grasp_pose(wanted);
    EXPECT_GT(distance(kinematics.grasp_pose(joints).position, target.position), 0.01);
    const double residual = kinematics.solve(joints, target, 200);
    const Pose reached = kinematics.grasp_pose(joints);
    EXPECT_LT(residual, 1e-4) << name;
    EXPECT_NEAR(distance(reached.position, target.position), residual, 1e-12);
    const Vec3 turn = rotation_between(reached.rotation, target.rotation);
    EXPECT_LT(std::hypot(turn[0], turn[1], turn[2]), 0.01) << name;
  }
}

TEST(Kinematics, KeepsTheRangesAndSaysHowFarAnUnreachablePoseIs) {
  const auto robot = RobotFolder::load("panda");
  Kinematics kinematics(robot);
  std::vector<double> joints;
  for (const ArmJoint& joint : robot->joints) joints.push_back(joint.home);
  const double residual = kinematics.solve(joints, {{3, 0, 0.3}, {0, 1, 0, 0}}, 100);
  EXPECT_GT(residual, 1.5);
  for (size_t i = 0; i < joints.size(); ++i) {
    EXPECT_GE(joints[i], robot->joints[i].min);
    EXPECT_LE(joints[i], robot->joints[i].max);
  }
}

TEST(Pose, TurnsComposeAndCompare) {
  const Pose turned = compose_rotation({}, {0, 0, 0.5});
  const Vec3 turn = rotation_between({1, 0, 0, 0}, turned.rotation);
  EXPECT_NEAR(turn[2], 0.5, 1e-12);
  const std::array<double, 9> matrix = rotation_matrix(turned.rotation);
  EXPECT_NEAR(matrix[3], std::sin(0.5), 1e-12);
}

}  // namespace
}  // namespace gyre
