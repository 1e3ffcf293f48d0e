#pragma once

#include <memory>
#include <vector>

#include "gyre/robot/kinematics.h"
#include "gyre/run/safety_filter.h"

namespace gyre::run {

// Tells the safety filter where a command of the `joint` contract puts the grasp frame.
class GraspFrameCheck : public WorkspaceCheck {
 public:
  explicit GraspFrameCheck(std::shared_ptr<const RobotFolder> robot);
  bool position(std::span<const float> joints, double out[3]) noexcept override;

 private:
  std::vector<double> joints_;  // [J]
  Kinematics kinematics_;
};

}  // namespace gyre::run
