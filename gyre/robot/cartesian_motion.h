#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/robot/kinematics.h"
#include "gyre/robot/robot_folder.h"

namespace gyre {

// A motion of one control period in the frame of the robot's base: the change of the grasp frame's
// pose, and the gripper's opening (0 closed .. 1 open).
struct Motion {
  Vec3 translation{};  // metres
  Vec3 rotation{};     // rotation vector, radians
  double gripper = 1;
};

// Turns motions into joint targets. Keeps the commanded pose of the hand; that pose runs
// ahead of the measured one by no more than the arm can follow. Allocates nothing after
// construction.
class CartesianMotion {
 public:
  explicit CartesianMotion(const std::shared_ptr<const RobotFolder>& robot);

  Kinematics& kinematics() { return kinematics_; }
  const Pose& target() const noexcept { return target_; }
  void set_target(const Pose& pose) noexcept { target_ = pose; }

  // Moves the target on. `joints` [J] holds the present joint targets and takes the new ones.
  // Returns the distance (m) from the pose that inverse kinematics could not reach.
  double advance(const Pose& measured, const Vec3& translation, const Vec3& rotation,
                 std::span<double> joints) noexcept;

 private:
  Pose moved(const Pose& measured, const Vec3& translation, const Vec3& rotation) const noexcept;

  std::shared_ptr<const RobotFolder> robot_;
  Kinematics kinematics_;
  Pose target_;
};

// Writes motions as actions of a robot's `ee` or `joint` contract.
class MotionToAction {
 public:
  MotionToAction(const std::shared_ptr<const RobotFolder>& robot, const Embodiment& contract);

  // `measured` and `targets` [J] are the joints' measured and commanded positions; only the
  // joint contract needs them. `action` [D] takes the action.
  void convert(const Motion& motion, std::span<const double> measured,
               std::span<const double> targets, std::span<float> action) noexcept;

 private:
  CartesianMotion cartesian_;
  bool joint_space_;
  std::vector<double> joints_;  // [J]
};

// Shortens a vector to at most this length.
void limit_length(Vec3& v, double most) noexcept;

}  // namespace gyre
