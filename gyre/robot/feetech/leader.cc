#include "gyre/robot/feetech/leader.h"

#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/inspect.h"

namespace gyre::feetech {
namespace {

// Whatever the follower's folder promises, a leader is loose.
LoopOptions loose(const ArmSetup& setup) {
  LoopOptions options = LoopOptions::of(setup);
  options.hold_at_exit = false;
  return options;
}

}  // namespace

Leader::Leader(ArmSetup setup, const std::string& port, bool any_firmware)
    : setup_(std::move(setup)),
      port_(port, setup_.folder->driver.baud),
      bus_(port_, setup_.folder->driver.baud),
      loop_(port_, bus_, loose(setup_)) {
  const ArmReport report =
      require_sound_arm(port_, bus_, *setup_.folder, &setup_.calibration, any_firmware);
  for (const ServoReport& servo : report.servos) {
    if (servo.torque == 0) continue;
    if (bus_.write(static_cast<uint8_t>(servo.id), Reg::kTorque, 0) != BusResult::kOk) {
      throw Error(name() + ": " + servo.joint, "did not switch its torque off", "try again");
    }
  }
}

RobotStatus Leader::read(std::span<float> joints) noexcept {
  const auto budget_ns = static_cast<int64_t>(ServoLoop::kCycleShare * period_s() * 1e9);
  loop_.cycle(port_.now_ns() + budget_ns);
  const LoopState& newest = loop_.newest();
  if (newest.mode == LoopMode::kLost) return RobotStatus::kFault;
  const bool answered = newest.time_ns > read_ns_;
  read_ns_ = newest.time_ns;
  if (!answered) return RobotStatus::kStale;
  for (size_t i = 0; i < setup_.joints.size(); ++i) {
    joints[i] = static_cast<float>(setup_.joints[i].value(newest.servos[i].position));
  }
  return RobotStatus::kOk;
}

}  // namespace gyre::feetech
