#include "gyre/policy/joint_map.h"

#include <algorithm>
#include <cmath>

namespace gyre {
namespace {

// Interbotix' gripper: metres between closed and open, and the crank that turns them into radians.
constexpr double kClosed = 0.01844, kOpen = 0.05800;
constexpr double kArm = 0.036, kHorn = 0.022;
// Radians of the pretrained policies' gripper, and of ALOHA's own.
constexpr double kPolicyClosed = 0.5476, kPolicyOpen = 1.6296;
constexpr double kRobotClosed = -0.6213, kRobotOpen = 1.4910;

// 0 closed .. 1 open, linear -> 0 .. 1 of the policy's angle.
double to_policy(double linear) {
  const double metres = linear * (kOpen - kClosed) + kClosed;
  const double sine = (kHorn * kHorn + metres * metres - kArm * kArm) / (2 * kHorn * metres);
  const double angle = std::asin(std::clamp(sine, -1.0, 1.0));
  return (angle - kPolicyClosed) / (kPolicyOpen - kPolicyClosed);
}

// An action of the policy, radians beyond closed -> 0 .. 1 of the robot's angle, and back.
double action_to_robot(double action) {
  return (action + kPolicyClosed - kRobotClosed) / (kRobotOpen - kRobotClosed);
}
double action_to_policy(double action) {
  return action * (kRobotOpen - kRobotClosed) + kRobotClosed - kPolicyClosed;
}

}  // namespace

template <class Gripper>
void JointMap::apply(std::span<float> row, const Gripper& gripper) const {
  for (const int i : mirrored) row[i] = -row[i];
  for (const int i : aloha_grippers) row[i] = static_cast<float>(gripper(row[i]));
}

void JointMap::state_to_policy(std::span<float> state) const { apply(state, to_policy); }

void JointMap::actions_to_robot(std::span<float> actions, size_t dim) const {
  for (size_t at = 0; at < actions.size(); at += dim) {
    apply(actions.subspan(at, dim), action_to_robot);
  }
}

void JointMap::actions_to_policy(std::span<float> actions, size_t dim) const {
  for (size_t at = 0; at < actions.size(); at += dim) {
    apply(actions.subspan(at, dim), action_to_policy);
  }
}

}  // namespace gyre
