#include "gyre/sim/expert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "gyre/robot/kinematics.h"

namespace gyre::sim {
namespace {

constexpr double kSpeed = 0.045;     // scene units in one period
constexpr double kTurnSpeed = 0.25;  // radians in one period
constexpr double kGain = 0.65;       // largest share of the remaining way in one period
constexpr double kAligned = 0.010;   // horizontal error that lets the hand come down
constexpr int kClosingPeriods = 7;

double horizontal(const Vec3& a, const Vec3& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

// Rotation of the grasp frame: tool down, turned about the vertical.
Quat tool_down(double yaw) { return {0, std::cos(yaw / 2), std::sin(yaw / 2), 0}; }

// The turn of an object that a gripper sees: a block looks the same every quarter.
double grasp_yaw(const World& world, const std::string& object) {
  const bool block = object.ends_with("block"), sponge = object.ends_with("sponge");
  if (!block && !sponge) return 0;
  const Quat q = world.pose(object).rotation;
  const double yaw =
      std::atan2(2 * (q[0] * q[3] + q[1] * q[2]), 1 - 2 * (q[2] * q[2] + q[3] * q[3]));
  const double period = block ? std::numbers::pi / 2 : std::numbers::pi;
  return std::clamp(std::remainder(yaw, period), -0.8, 0.8);
}

// The largest change of the hand's motion from one action period to the next, metres.
double most_change(const World& world) {
  const RobotFolder& robot = world.robot();
  const double limit = robot.tool.max_acceleration;
  const double period = robot.action_period_s;
  return limit > 0 ? limit * period * period : std::numeric_limits<double>::infinity();
}

// The same of its rotation, radians.
double most_turn_change(const World& world) {
  const RobotFolder& robot = world.robot();
  const double limit = robot.tool.max_angular_acceleration;
  const double period = robot.action_period_s;
  return limit > 0 ? limit * period * period : std::numeric_limits<double>::infinity();
}

class Reactive : public Expert {
 public:
  explicit Reactive(std::function<Motion(const World&)> move) : move_(std::move(move)) {}
  Motion move(const World& world) override { return move_(world); }

 private:
  std::function<Motion(const World&)> move_;
};

}  // namespace

Vec3 hand_at(const World& world) {
  Vec3 at = world.gripper_pose().position;
  for (double& v : at) v /= world.scale();
  return at;
}

Vec3 thing_at(const World& world, std::string_view thing) {
  Vec3 at = world.pose(thing).position;
  for (double& v : at) v /= world.scale();
  return at;
}

Motion move_to(const World& world, const Vec3& goal, double gripper, double yaw) {
  const Vec3 hand = hand_at(world);
  Motion move;
  move.gripper = gripper;
  // An approach that covers a share of the way in each period brakes by that share of its speed.
  const double gain = std::min(kGain, most_change(world) / (kSpeed * world.scale()));
  for (int axis = 0; axis < 3; ++axis) move.translation[axis] = gain * (goal[axis] - hand[axis]);
  const double length = std::hypot(move.translation[0], move.translation[1], move.translation[2]);
  const double slow = length > kSpeed ? kSpeed / length : 1;
  for (double& v : move.translation) v *= slow * world.scale();
  const Vec3 turn = rotation_between(world.gripper_pose().rotation, tool_down(yaw));
  const double turn_gain = std::min(kGain, most_turn_change(world) / kTurnSpeed);
  move.rotation[2] = std::clamp(turn_gain * turn[2], -kTurnSpeed, kTurnSpeed);
  return move;
}

Motion limit_acceleration(const World& world, const Motion& before, Motion wanted) {
  Vec3 change, turn;
  for (size_t axis = 0; axis < 3; ++axis) {
    change[axis] = wanted.translation[axis] - before.translation[axis];
    turn[axis] = wanted.rotation[axis] - before.rotation[axis];
  }
  const double most = most_change(world), most_turn = most_turn_change(world);
  if (std::hypot(change[0], change[1], change[2]) > most) {
    limit_length(change, most);
    for (size_t axis = 0; axis < 3; ++axis) {
      wanted.translation[axis] = before.translation[axis] + change[axis];
    }
  }
  if (std::hypot(turn[0], turn[1], turn[2]) > most_turn) {
    limit_length(turn, most_turn);
    for (size_t axis = 0; axis < 3; ++axis) {
      wanted.rotation[axis] = before.rotation[axis] + turn[axis];
    }
  }
  return wanted;
}

Motion travel_to(const World& world, const Vec3& goal, double hover, double gripper, double yaw) {
  const Vec3 hand = hand_at(world);
  const double away = horizontal(hand, goal);
  const double height = hand[2] - goal[2];
  // Down a cone: the nearer the ground, the better aligned.
  if (away < kAligned + 0.12 * std::max(0., height)) return move_to(world, goal, gripper, yaw);
  if (hand[2] < hover - 0.045) {  // rise before going anywhere
    return move_to(world, {hand[0], hand[1], hover + 0.02}, gripper, yaw);
  }
  return move_to(world, {goal[0], goal[1], hover}, gripper, yaw);
}

namespace {
double tip_offset(const World& world) { return world.robot().gripper.closed_tip / world.scale(); }
}  // namespace

Vec3 tip_at(const World& world) {
  const Vec3 hand = hand_at(world);
  return {hand[0], hand[1] + tip_offset(world), hand[2]};
}

Motion tip_to(const World& world, const Vec3& goal) {
  return move_to(world, {goal[0], goal[1] - tip_offset(world), goal[2]}, 0);
}

Motion tip_travel_to(const World& world, const Vec3& goal) {
  return travel_to(world, {goal[0], goal[1] - tip_offset(world), goal[2]}, kHover, 0);
}

Motion retreat(const World& world, double gripper) {
  const Vec3 hand = hand_at(world);
  return move_to(world, {hand[0], hand[1], kHover + 0.02}, gripper);
}

PutExpert::PutExpert(std::string object, std::function<Vec3(const World&)> goal,
                     std::function<bool(const World&)> done)
    : object_(std::move(object)), goal_(std::move(goal)), done_(std::move(done)) {}

Motion PutExpert::carry(const World& world) const {
  const Vec3 hand = hand_at(world), object = thing_at(world, object_);
  const double bottom = world.half_size(object_)[2] / world.scale();
  const Vec3 goal = goal_(world);
  // Where the hand must be for the object to be at the goal.
  const Vec3 at = {goal[0] + hand[0] - object[0], goal[1] + hand[1] - object[1],
                   goal[2] + bottom + hand[2] - object[2] + 0.006};
  const bool there = horizontal(hand, at) < 0.012 && hand[2] < at[2] + 0.008;
  return travel_to(world, at, kCarry, there ? 1 : 0, 0);
}

Motion PutExpert::grasp(const World& world) {
  const Vec3 hand = hand_at(world), object = thing_at(world, object_);
  const double lowest = (world.robot().gripper.finger_reach + 0.002) / world.scale();
  const Vec3 at = {object[0], object[1], std::max(object[2], lowest)};
  const double yaw = grasp_yaw(world, object_);
  if (reopen_) {
    reopen_ = hand[2] < at[2] + 0.05;
    return move_to(world, {hand[0], hand[1], at[2] + 0.08}, 1, yaw);
  }
  const bool there = horizontal(hand, at) < 0.014 && hand[2] < at[2] + 0.010;
  if (!there && closing_ == 0) return travel_to(world, at, kHover, 1, yaw);
  if (++closing_ > kClosingPeriods) {
    closing_ = 0;
    reopen_ = true;
  }
  return move_to(world, {hand[0], hand[1], at[2]}, 0, yaw);
}

Motion PutExpert::move(const World& world) {
  const bool held = world.grasped(object_);
  if (done_(world) && !held) return retreat(world, 1);
  if (held) {
    // A firm hold before the lift.
    if (closing_ > 0 && closing_ < 3) {
      ++closing_;
      return move_to(world, hand_at(world), 0, grasp_yaw(world, object_));
    }
    closing_ = 0;
    return carry(world);
  }
  return grasp(world);
}

std::unique_ptr<Expert> reactive(std::function<Motion(const World&)> move) {
  return std::make_unique<Reactive>(std::move(move));
}

}  // namespace gyre::sim
