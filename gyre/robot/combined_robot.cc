#include "gyre/robot/combined_robot.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "gyre/core/error.h"

namespace gyre {
namespace {

RobotStatus worse(RobotStatus left, RobotStatus right) noexcept { return std::max(left, right); }
static_assert(RobotStatus::kOk < RobotStatus::kStale && RobotStatus::kStale < RobotStatus::kFault);

}  // namespace

CombinedRobot::CombinedRobot(Embodiment contract, std::vector<std::unique_ptr<Robot>> parts)
    : embodiment_(std::move(contract)), sent_(embodiment_.action.size()) {
  size_t states = 0, actions = 0;
  for (std::unique_ptr<Robot>& robot : parts) {
    const Embodiment& part = robot->embodiment();
    if (part.tick_s() != embodiment_.tick_s()) {
      throw Error("robot " + part.name, "has another control period than " + embodiment_.name);
    }
    parts_.push_back({.robot = std::move(robot), .width = part.action.size()});
    parts_.back().state.values.resize(part.state.size());
    states += part.state.size();
    actions += part.action.size();
  }
  if (states != embodiment_.state.size() || actions != embodiment_.action.size()) {
    throw Error("robot " + embodiment_.name, "is not what its arms are together");
  }
  hold(sent_);
}

RobotStatus CombinedRobot::read(RobotState& state) noexcept {
  RobotStatus status = RobotStatus::kOk;
  auto out = state.values.begin();
  state.time_ns = INT64_MAX;
  for (Part& part : parts_) {
    status = worse(status, part.robot->read(part.state));
    out = std::ranges::copy(part.state.values, out).out;
    state.time_ns = std::min(state.time_ns, part.state.time_ns);
  }
  return status;
}

WriteResult CombinedRobot::write(std::span<const float> command) noexcept {
  WriteResult result;
  auto out = sent_.begin();
  for (Part& part : parts_) {
    const WriteResult one = part.robot->write(command.first(part.width));
    command = command.subspan(part.width);
    result.status = worse(result.status, one.status);
    result.reasons |= one.reasons;
    result.residual = std::max(result.residual, one.residual);
    out = std::ranges::copy(part.robot->sent(), out).out;
  }
  return result;
}

void CombinedRobot::hold(std::span<float> command) noexcept {
  for (Part& part : parts_) {
    part.robot->hold(command.first(part.width));
    command = command.subspan(part.width);
  }
}

RobotStatus CombinedRobot::stop() noexcept {
  RobotStatus status = RobotStatus::kOk;
  for (Part& part : parts_) status = worse(status, part.robot->stop());
  return status;
}

void CombinedRobot::clear() noexcept {
  for (Part& part : parts_) part.robot->clear();
}

std::string CombinedRobot::fault() const {
  std::string faults;
  for (const Part& part : parts_) {
    const std::string fault = part.robot->fault();
    if (!fault.empty()) faults += (faults.empty() ? "" : "; ") + fault;
  }
  return faults;
}

}  // namespace gyre
