#pragma once

#include <span>
#include <string>

#include "gyre/robot/robot.h"

namespace gyre {

// An arm of the robot's own kind whose joints a person's hands move: where it is, the robot is to
// be. For one thread.
class LeaderArm {
 public:
  virtual ~LeaderArm() = default;
  virtual std::string name() const = 0;
  // Time from one reading to the next (s).
  virtual double period_s() const = 0;
  // Asks the arm where it is, for as long as its bus takes. `joints` [J + 1] takes radians and the
  // gripper's opening 0 .. 1. kStale: there was no answer this time, and `joints` has the last one;
  // kFault: the arm is lost. One that comes back is found again. Allocates nothing.
  virtual RobotStatus read(std::span<float> joints) noexcept = 0;
};

}  // namespace gyre
