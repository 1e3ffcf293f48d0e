#include "gyre/run/filtered_robot.h"

#include <algorithm>
#include <utility>

namespace gyre::run {

FilteredRobot::FilteredRobot(std::unique_ptr<Robot> inner,
                             std::unique_ptr<WorkspaceCheck> workspace)
    : inner_(std::move(inner)),
      workspace_(std::move(workspace)),
      filter_(inner_->embodiment(), inner_->embodiment().tick_s(), workspace_.get()),
      hold_(inner_->embodiment().action.size()),
      command_(hold_.size()) {}

WriteResult FilteredRobot::write(std::span<const float> command) noexcept {
  inner_->hold(hold_);
  if (!filter_.memory().started) filter_.reset(hold_);
  Reasons reasons;
  if (command.size() == command_.size()) {
    std::ranges::copy(command, command_.begin());
    reasons = filter_.apply(hold_, command_);
  } else {
    std::ranges::copy(hold_, command_.begin());
    reasons = filter_.apply(hold_, command_) | Reason::kWidth;
  }
  if (reasons.has(Reason::kHoldNonFinite)) {
    inner_->stop();
    return {.status = RobotStatus::kFault, .reasons = reasons};
  }
  WriteResult result = inner_->write(command_);
  result.reasons |= reasons;
  return result;
}

}  // namespace gyre::run
