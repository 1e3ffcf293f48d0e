#include "gyre/console/chunk_path.h"

#include <gtest/gtest.h>

namespace gyre::console {
namespace {

TEST(ChunkPath, AddsTheChangesOfAnEndEffectorChunk) {
  const Embodiment contract = find_embodiment("so101/ee");
  ChunkPath path(contract);
  std::vector<float> state(contract.state.size());
  state[0] = 0.25F;
  ActionChunk chunk{.horizon = 2, .dim = static_cast<int>(contract.action.size())};
  chunk.actions.assign(2 * contract.action.size(), 0);
  chunk.actions[0] = 0.5F;
  chunk.actions[contract.action.size() + 2] = -0.25F;
  EXPECT_EQ(path.points(state, chunk),
            (std::vector<float>{0.25F, 0, 0, 0.75F, 0, 0, 0.75F, 0, -0.25F}));
}

TEST(ChunkPath, FollowsTheJointsOfAJointChunk) {
  const auto folder = RobotFolder::load("so101");
  const Embodiment contract = folder->contract("joint", 64);
  ChunkPath path(contract);
  std::vector<float> state;
  std::vector<double> home;
  for (const ArmJoint& joint : folder->joints) {
    state.push_back(static_cast<float>(joint.home));
    home.push_back(joint.home);
  }
  const Vec3 expected = Kinematics(folder).grasp_pose(home).position;
  state.push_back(1);
  const ActionChunk chunk{.horizon = 1, .dim = static_cast<int>(state.size()), .actions = state};
  const std::vector<float> points = path.points(state, chunk);
  ASSERT_EQ(points.size(), 6);
  for (int axis = 0; axis < 3; ++axis) {
    EXPECT_EQ(points[axis], points[3 + axis]);
    EXPECT_NEAR(points[axis], expected[axis], 1e-5);
  }
}

TEST(ChunkPath, AnUnknownRobotHasNone) {
  Embodiment contract;
  contract.name = "nobody/joint";
  EXPECT_TRUE(ChunkPath(contract).points({}, {.horizon = 1}).empty());
}

}  // namespace
}  // namespace gyre::console
