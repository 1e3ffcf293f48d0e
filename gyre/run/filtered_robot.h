#pragma once

#include <memory>
#include <vector>

#include "gyre/robot/robot.h"
#include "gyre/run/safety_filter.h"

namespace gyre::run {

// A robot whose every command passes the safety filter. It stands before the innermost joint robot,
// behind inverse kinematics, so that no source of commands can go around it; a second one before
// inverse kinematics holds the `ee` contract's own ranges.
class FilteredRobot : public Robot {
 public:
  // `workspace` may be null: then the box is not checked. Throws Error for limits that contradict
  // each other.
  explicit FilteredRobot(std::unique_ptr<Robot> inner,
                         std::unique_ptr<WorkspaceCheck> workspace = nullptr);

  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  // A holding command that is not finite stops the robot: kFault, Reason::kHoldNonFinite.
  WriteResult write(std::span<const float> command) noexcept override;
  std::span<const float> sent() const noexcept override { return inner_->sent(); }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }
  void clear() noexcept override { inner_->clear(); }
  std::string fault() const override { return inner_->fault(); }

  SafetyFilter& filter() noexcept { return filter_; }

 private:
  std::unique_ptr<Robot> inner_;
  std::unique_ptr<WorkspaceCheck> workspace_;
  SafetyFilter filter_;
  std::vector<float> hold_, command_;  // [D]
};

}  // namespace gyre::run
