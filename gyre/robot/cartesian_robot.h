#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/cartesian_motion.h"
#include "gyre/robot/robot.h"

namespace gyre {

// A joint robot that also speaks in double precision. Positions and targets pass Robot's border as
// floats; a simulated arm offers this beside it, so that inverse kinematics sees and sends numbers
// that were not rounded on the way.
class PreciseJoints {
 public:
  virtual ~PreciseJoints() = default;
  // Positions [J] of the last read.
  virtual void measured(std::span<double> joints) noexcept = 0;
  // The positions [J] that the driver is commanded to hold or reach.
  virtual void targets(std::span<double> joints) noexcept = 0;
  // The next command's joints [J] before rounding. Where the command's float is the rounded value
  // (nobody changed it on the way), the driver uses the unrounded one.
  virtual void refine(std::span<const double> joints) noexcept = 0;
};

// The `ee` contract on top of a joint robot, simulated or real: an action changes the grasp frame's
// pose, inverse kinematics makes joint targets of it, and the joint robot carries them out.
// Allocates nothing in read, write and hold.
class CartesianRobot : public Robot {
 public:
  // `precise`, when given, belongs to the innermost joint robot and must outlive this.
  CartesianRobot(std::unique_ptr<Robot> joint_robot,
                 const std::shared_ptr<const RobotFolder>& folder,
                 PreciseJoints* precise = nullptr);

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  RobotStatus read(RobotState& state) noexcept override;
  // A command of another width, or one that is not finite, is refused with kFault. Without
  // `precise`, a command of no motion holds the joints: the pose that was commanded before is not
  // pursued any further.
  WriteResult write(std::span<const float> command) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  void clear() noexcept override { inner_->clear(); }
  std::string fault() const override;

  // The commanded pose of the hand: part of a simulation's saved state.
  const Pose& target() const noexcept { return motion_.target(); }
  void set_target(const Pose& pose) noexcept { motion_.set_target(pose); }

 private:
  Pose measured_pose() noexcept;
  RobotStatus read_joints() noexcept;
  WriteResult hold_joints(float gripper) noexcept;  // where joint_command_ has them

  std::unique_ptr<Robot> inner_;
  PreciseJoints* precise_;
  CartesianMotion motion_;
  Embodiment embodiment_;
  double max_translation_, max_rotation_;  // of one command, metres and radians
  bool started_ = false;                   // the joints were read at least once
  std::atomic<bool> refused_{false};       // the last command; fault() is asked by others

  RobotState joint_state_;            // [J + 1]
  std::vector<double> joints_;        // [J]
  std::vector<float> joint_command_;  // [J + 1]
  std::vector<float> sent_;           // [D]
};

}  // namespace gyre
