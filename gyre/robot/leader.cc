#include "gyre/robot/leader.h"

#include <algorithm>
#include <utility>

namespace gyre {

CombinedLeader::CombinedLeader(std::vector<Part> parts) : parts_(std::move(parts)) {
  for (const Part& part : parts_) {
    name_ += (name_.empty() ? "" : ", ") + part.leader->name();
    period_s_ += part.leader->period_s();
  }
}

RobotStatus CombinedLeader::read(std::span<float> joints) noexcept {
  RobotStatus status = RobotStatus::kOk;
  for (Part& part : parts_) {
    status = std::max(status, part.leader->read(joints.first(part.joints)));
    joints = joints.subspan(part.joints);
  }
  return status;
}

}  // namespace gyre
