#include "gyre/robot/cartesian_robot.h"

#include <algorithm>
#include <cmath>

namespace gyre {

CartesianRobot::CartesianRobot(std::unique_ptr<Robot> joint_robot,
                               const std::shared_ptr<const RobotFolder>& folder,
                               PreciseJoints* precise)
    : inner_(std::move(joint_robot)), precise_(precise), motion_(folder) {
  const Embodiment& inner = inner_->embodiment();
  embodiment_ = folder->contract("ee", 0);
  embodiment_.cameras = inner.cameras;
  embodiment_.control_period_s = inner.control_period_s;
  const double share = embodiment_.tick_s() / embodiment_.action_period_s;
  max_translation_ = folder->tool.max_translation * share;
  max_rotation_ = folder->tool.max_rotation * share;
  joints_.resize(folder->joints.size());
  joint_state_.values.resize(inner.state.size());
  joint_command_.resize(inner.action.size());
  sent_.resize(embodiment_.action.size());
  read_joints();
}

RobotStatus CartesianRobot::read_joints() noexcept {
  const RobotStatus status = inner_->read(joint_state_);
  if (status == RobotStatus::kOk && !started_) {
    motion_.set_target(measured_pose());
    started_ = true;
  }
  return status;
}

Pose CartesianRobot::measured_pose() noexcept {
  if (precise_ != nullptr) {
    precise_->measured(joints_);
  } else {
    std::copy_n(joint_state_.values.begin(), joints_.size(), joints_.begin());
  }
  return motion_.kinematics().grasp_pose(joints_);
}

RobotStatus CartesianRobot::read(RobotState& state) noexcept {
  const RobotStatus status = read_joints();
  const Pose pose = measured_pose();
  const std::array<double, 9> matrix = rotation_matrix(pose.rotation);
  auto out = state.values.begin();
  for (const double v : pose.position) *out++ = static_cast<float>(v);
  for (const size_t column : {0, 1}) {
    for (const size_t row : {0, 1, 2}) *out++ = static_cast<float>(matrix[3 * row + column]);
  }
  *out = joint_state_.values.back();
  state.time_ns = joint_state_.time_ns;
  return status;
}

WriteResult CartesianRobot::write(std::span<const float> command) noexcept {
  refused_ = command.size() != embodiment_.action.size() ||
             !std::ranges::all_of(command, [](float v) { return std::isfinite(v); });
  if (!refused_ && !started_) refused_ = read_joints() != RobotStatus::kOk;
  inner_->hold(joint_command_);
  if (refused_) {
    hold(sent_);
    WriteResult result = inner_->write(joint_command_);
    result.status = RobotStatus::kFault;
    return result;
  }
  std::ranges::copy(command, sent_.begin());
  Vec3 translation{command[0], command[1], command[2]};
  Vec3 rotation{command[3], command[4], command[5]};
  limit_length(translation, max_translation_);
  limit_length(rotation, max_rotation_);
  if (precise_ == nullptr && translation == Vec3{} && rotation == Vec3{}) {
    return hold_joints(command.back());
  }
  const Pose measured = measured_pose();
  if (precise_ != nullptr) {
    precise_->targets(joints_);
  } else {
    std::copy_n(joint_command_.begin(), joints_.size(), joints_.begin());
  }
  const double residual = motion_.advance(measured, translation, rotation, joints_);
  std::ranges::transform(joints_, joint_command_.begin(),
                         [](double v) { return static_cast<float>(v); });
  joint_command_.back() = command.back();
  if (precise_ != nullptr) precise_->refine(joints_);
  WriteResult result = inner_->write(joint_command_);
  result.residual = static_cast<float>(residual);
  return result;
}

WriteResult CartesianRobot::hold_joints(float gripper) noexcept {
  std::copy_n(joint_command_.begin(), joints_.size(), joints_.begin());
  motion_.set_target(motion_.kinematics().grasp_pose(joints_));
  joint_command_.back() = gripper;
  return inner_->write(joint_command_);
}

void CartesianRobot::hold(std::span<float> command) noexcept {
  inner_->hold(joint_command_);
  std::ranges::fill(command, 0.f);
  command.back() = joint_command_.back();
}

RobotStatus CartesianRobot::stop() noexcept {
  const RobotStatus status = inner_->stop();
  if (started_) motion_.set_target(measured_pose());
  return status;
}

std::string CartesianRobot::fault() const {
  return refused_ ? "an action of another width than the contract's, or one that is not finite"
                  : inner_->fault();
}

}  // namespace gyre
