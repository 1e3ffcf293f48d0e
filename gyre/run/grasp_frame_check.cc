#include "gyre/run/grasp_frame_check.h"

#include <algorithm>
#include <utility>

namespace gyre::run {

GraspFrameCheck::GraspFrameCheck(std::shared_ptr<const RobotFolder> robot)
    : joints_(robot->joints.size()), kinematics_(std::move(robot)) {}

bool GraspFrameCheck::position(std::span<const float> joints, double out[3]) noexcept {
  if (joints.size() < joints_.size()) return false;
  std::copy_n(joints.begin(), joints_.size(), joints_.begin());
  std::ranges::copy(kinematics_.grasp_pose(joints_).position, out);
  return true;
}

}  // namespace gyre::run
