#include "gyre/robot/cartesian_motion.h"

#include <algorithm>
#include <cmath>

namespace gyre {
namespace {

constexpr int kIterations = 6;
constexpr double kLeadPeriods = 1.5;   // action periods that the target may run ahead of the arm
constexpr double kLeadRotation = 0.6;  // radians

}  // namespace

void limit_length(Vec3& v, double most) noexcept {
  const double norm = std::hypot(v[0], v[1], v[2]);
  if (norm <= most) return;
  for (double& entry : v) entry *= most / norm;
}

CartesianMotion::CartesianMotion(const std::shared_ptr<const RobotFolder>& robot)
    : robot_(robot), kinematics_(robot) {}

Pose CartesianMotion::moved(const Pose& measured, const Vec3& translation,
                            const Vec3& rotation) const noexcept {
  Pose next = compose_rotation(target_, rotation);
  Vec3 lead;
  for (size_t axis = 0; axis < 3; ++axis) {
    const double wanted = std::clamp(target_.position[axis] + translation[axis],
                                     robot_->workspace.min[axis], robot_->workspace.max[axis]);
    lead[axis] = wanted - measured.position[axis];
  }
  limit_length(lead, kLeadPeriods * robot_->tool.max_translation);
  for (size_t axis = 0; axis < 3; ++axis) {
    next.position[axis] = measured.position[axis] + lead[axis];
  }
  Vec3 turn = rotation_between(measured.rotation, next.rotation);
  limit_length(turn, kLeadRotation);
  next.rotation = compose_rotation({{}, measured.rotation}, turn).rotation;
  return next;
}

double CartesianMotion::advance(const Pose& measured, const Vec3& translation, const Vec3& rotation,
                                std::span<double> joints) noexcept {
  target_ = moved(measured, translation, rotation);
  return kinematics_.solve(joints, target_, kIterations);
}

MotionToAction::MotionToAction(const std::shared_ptr<const RobotFolder>& robot,
                               const Embodiment& contract)
    : cartesian_(robot),
      joint_space_(contract.action.size() == contract.state.size()),
      joints_(robot->joints.size()) {}

void MotionToAction::convert(const Motion& motion, std::span<const double> measured,
                             std::span<const double> targets, std::span<float> action) noexcept {
  if (joint_space_) {
    const Pose pose = cartesian_.kinematics().grasp_pose(measured);
    cartesian_.set_target(pose);
    std::ranges::copy(targets, joints_.begin());
    cartesian_.advance(pose, motion.translation, motion.rotation, joints_);
    std::ranges::transform(joints_, action.begin(), [](double v) { return static_cast<float>(v); });
  } else {
    for (size_t axis = 0; axis < 3; ++axis) {
      action[axis] = static_cast<float>(motion.translation[axis]);
      action[3 + axis] = static_cast<float>(motion.rotation[axis]);
    }
  }
  action.back() = static_cast<float>(motion.gripper);
}

}  // namespace gyre
