#include "gyre/robot/process/robot.h"

#include <algorithm>
#include <utility>

namespace gyre::process {

ProcessRobot::ProcessRobot(std::shared_ptr<Link> link, const Options& options)
    : link_(std::move(link)), embodiment_(link_->contract()), sent_(embodiment_.action.size()) {
  embodiment_.control_period_s = options.control_period_s;
  if (!options.with_cameras) embodiment_.cameras.clear();
  take_position();
}

// A robot that stands a little outside of its range is held at the range's end.
void ProcessRobot::take_position() noexcept {
  const State& state = link_->newest();
  for (size_t i = 0; i < sent_.size(); ++i) {
    const Field& field = embodiment_.action[i];
    sent_[i] =
        std::clamp(state.values[i], static_cast<float>(field.min), static_cast<float>(field.max));
  }
}

RobotStatus ProcessRobot::read(RobotState& state) noexcept {
  const State& newest = link_->newest();
  std::ranges::copy(newest.values, state.values.begin());
  state.time_ns = newest.time_ns;
  if (link_->trouble() != Trouble::kNone) return RobotStatus::kFault;
  const bool again = newest.time_ns == read_ns_;
  read_ns_ = newest.time_ns;
  return again ? RobotStatus::kStale : RobotStatus::kOk;
}

WriteResult ProcessRobot::write(std::span<const float> command) noexcept {
  if (link_->trouble() != Trouble::kNone) {
    take_position();
    return {.status = RobotStatus::kFault, .reasons = {}};
  }
  std::ranges::copy(command, sent_.begin());
  link_->post(command);
  return {};
}

void ProcessRobot::hold(std::span<float> command) noexcept {
  if (link_->trouble() != Trouble::kNone) take_position();
  std::ranges::copy(sent_, command.begin());
}

RobotStatus ProcessRobot::stop() noexcept {
  link_->stop();
  take_position();
  return link_->trouble() == Trouble::kNone ? RobotStatus::kOk : RobotStatus::kFault;
}

void ProcessRobot::clear() noexcept {
  link_->clear();
  take_position();
}

}  // namespace gyre::process
