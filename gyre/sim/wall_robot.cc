#include "gyre/sim/wall_robot.h"

#include <algorithm>
#include <cmath>

namespace gyre::sim {

WallRobot::WallRobot(WallKitchen& kitchen, const Embodiment& joint_contract)
    : kitchen_(kitchen),
      embodiment_(joint_contract),
      sent_(joint_contract.action.size()),
      targets_(sent_.size()) {
  kitchen_.reports().take();
  targets_ = kitchen_.reports().value().targets;
}

RobotStatus WallRobot::read(RobotState& state) noexcept {
  const bool fresh = kitchen_.reports().take();
  const ArmReport& report = kitchen_.reports().value();
  std::ranges::copy(report.state, state.values.begin());
  state.time_ns = report.time_ns;
  // Servos that braked by themselves are not where the last command wanted them.
  if (report.braked && report.number == number_)
    std::ranges::copy(report.targets, targets_.begin());
  return status(fresh);
}

RobotStatus WallRobot::status(bool fresh) const noexcept {
  if (kitchen_.reports().value().broken) return RobotStatus::kFault;
  return fresh ? RobotStatus::kOk : RobotStatus::kStale;
}

WriteResult WallRobot::write(std::span<const float> command) noexcept {
  refused_ = command.size() != sent_.size() ||
             !std::ranges::all_of(command, [](float v) { return std::isfinite(v); });
  if (refused_) {
    hold(sent_);
    return {.status = RobotStatus::kFault};
  }
  std::ranges::copy(command, sent_.begin());
  for (size_t i = 0; i < targets_.size(); ++i) {
    const Field& field = embodiment_.action[i];
    targets_[i] =
        std::clamp(command[i], static_cast<float>(field.min), static_cast<float>(field.max));
  }
  send(false);
  return {.status = kitchen_.reports().value().broken ? RobotStatus::kFault : RobotStatus::kOk};
}

void WallRobot::send(bool stop) noexcept {
  ArmCommand& command = kitchen_.commands().writable();
  command.number = ++number_;
  command.stop = stop;
  std::ranges::copy(sent_, command.joints.begin());
  kitchen_.commands().publish();
}

void WallRobot::hold(std::span<float> command) noexcept {
  std::ranges::copy(targets_, command.begin());
}

RobotStatus WallRobot::stop() noexcept {
  const ArmReport& report = kitchen_.reports().value();
  for (size_t i = 0; i + 1 < targets_.size(); ++i) {
    const Field& field = embodiment_.action[i];
    targets_[i] =
        std::clamp(report.state[i], static_cast<float>(field.min), static_cast<float>(field.max));
  }
  send(true);
  return status(true);
}

std::string WallRobot::fault() const {
  if (refused_) return "an action of another width than the contract's, or one that is not finite";
  return kitchen_.reports().value().broken ? "the physics has broken down" : "";
}

}  // namespace gyre::sim
