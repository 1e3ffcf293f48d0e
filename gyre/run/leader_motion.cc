#include "gyre/run/leader_motion.h"

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr double kNearAngle = 0.1;    // rad, of a joint
constexpr double kNearOpening = 0.1;  // of the gripper
constexpr double kNearWay = 0.03;     // m, of the hand
constexpr double kNearTurn = 0.25;    // rad, of the hand
constexpr double kFadeS = 1;          // the difference at the start is gone after so long

// An `ee` state is x, y, z, the first two columns of the rotation matrix, and the gripper.
constexpr size_t kPoseFields = 9;

Vec3 way_to(const Pose& from, const Pose& to) noexcept {
  return {to.position[0] - from.position[0], to.position[1] - from.position[1],
          to.position[2] - from.position[2]};
}

double size_of_way(const Vec3& v) noexcept { return std::hypot(v[0], v[1], v[2]); }

Pose pose_of_state(std::span<const float> state) noexcept {
  return {.position = {state[0], state[1], state[2]},
          .rotation =
              rotation_of_columns({state[3], state[4], state[5]}, {state[6], state[7], state[8]})};
}

}  // namespace

LeaderMotion::LeaderMotion(const std::shared_ptr<const RobotFolder>& folder,
                           const Embodiment& contract)
    : folder_(folder),
      fields_(contract.action),
      joints_(folder->joints.size()),
      tracker_(folder->contract("joint", 1).action.size()),
      offsets_(fields_.size()),
      action_(fields_.size()) {
  const bool positions = std::ranges::all_of(
      fields_, [](const Field& field) { return field.kind == FieldKind::kPosition; });
  if (positions) rates_.resize(fields_.size());
  if (!positions) kinematics_.emplace(folder);
  constexpr size_t kHandFields = 7;
  const size_t expected = positions ? folder->contract("joint", 1).action.size() : kHandFields;
  if (fields_.size() != expected) {
    throw Error("leader", "an arm of " + folder->name + " cannot lead " + contract.name);
  }
}

Pose LeaderMotion::pose_of(std::span<const float> joints) noexcept {
  std::copy_n(joints.begin(), joints_.size(), joints_.begin());
  return kinematics_->grasp_pose(joints_);
}

LeaderMotion::Gap LeaderMotion::gap(std::span<const float> joints,
                                    const LoopStatus& robot) noexcept {
  Gap widest{.near = true};
  double most = 0;
  const auto look = [&](const char* what, double distance, double near) {
    if (!(distance <= near)) widest.near = false;
    if (distance / near < most) return;
    most = distance / near;
    widest.what = what;
    widest.distance = distance;
  };
  if (robot.sent.size() != fields_.size()) return {};
  if (!kinematics_) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      look(fields_[i].name.c_str(), std::abs(joints[i] - robot.sent[i]),
           fields_[i].gripper ? kNearOpening : kNearAngle);
    }
    return widest;
  }
  if (robot.state.size() <= kPoseFields) return {};
  const Pose pose = pose_of(joints), at = pose_of_state(robot.state);
  look("hand", size_of_way(way_to(at, pose)), kNearWay);
  look("turn", size_of_way(rotation_between(at.rotation, pose.rotation)), kNearTurn);
  look("gripper", std::abs(joints.back() - robot.sent.back()), kNearOpening);
  return widest;
}

void LeaderMotion::begin(std::span<const float> joints, const LoopStatus& robot) noexcept {
  left_ = 1;
  tracker_.restart(joints);
  offsets_.back() = robot.sent.back() - joints.back();
  if (!kinematics_) {
    for (size_t i = 0; i < fields_.size(); ++i) offsets_[i] = robot.sent[i] - joints[i];
    return;
  }
  const Pose pose = pose_of(joints), at = pose_of_state(robot.state);
  way_offset_ = way_to(pose, at);
  turn_offset_ = rotation_between(pose.rotation, at.rotation);
}

std::span<const float> LeaderMotion::act(std::span<const float> reading, const LoopStatus& robot,
                                         double seconds) noexcept {
  const std::span<const float> joints = tracker_.take(reading, seconds);
  left_ = std::max(0.0, left_ - seconds / kFadeS);
  const auto part = static_cast<float>(left_);
  if (!kinematics_) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      action_[i] = joints[i] + part * offsets_[i];
      const double fade = left_ > 0 ? offsets_[i] / kFadeS : 0;
      rates_[i] = static_cast<float>(tracker_.rate(i) - fade);
    }
  } else {
    Pose target = pose_of(joints);
    for (size_t axis = 0; axis < 3; ++axis) target.position[axis] += left_ * way_offset_[axis];
    Vec3 turn = turn_offset_;
    for (double& entry : turn) entry *= left_;
    target = compose_rotation(target, turn);
    const Pose at = pose_of_state(robot.state);
    const Vec3 way = way_to(at, target), rotation = rotation_between(at.rotation, target.rotation);
    for (size_t axis = 0; axis < 3; ++axis) {
      action_[axis] = static_cast<float>(way[axis]);
      action_[3 + axis] = static_cast<float>(rotation[axis]);
    }
    action_.back() = joints.back() + part * offsets_.back();
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    action_[i] = std::clamp(action_[i], static_cast<float>(fields_[i].min),
                            static_cast<float>(fields_[i].max));
  }
  return action_;
}

}  // namespace gyre::run
