#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

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

// Several leaders as one, for a robot of several arms: read one after the other, the joints of each
// behind those of the one before.
class CombinedLeader : public LeaderArm {
 public:
  struct Part {
    std::unique_ptr<LeaderArm> leader;
    size_t joints = 0;  // [J + 1]
  };
  explicit CombinedLeader(std::vector<Part> parts);
  std::string name() const override { return name_; }
  double period_s() const override { return period_s_; }
  RobotStatus read(std::span<float> joints) noexcept override;

 private:
  std::vector<Part> parts_;
  std::string name_;
  double period_s_ = 0;
};

}  // namespace gyre
