#pragma once

#include <string>

#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/feetech/servo_loop.h"
#include "gyre/robot/leader.h"

namespace gyre::feetech {

// A leader arm of Feetech servos, with its torque off for good. It has no thread: each reading is a
// cycle of its bus.
class Leader : public LeaderArm {
 public:
  // Opens the port, inspects every servo as Arm does, and switches torque off where it is on.
  // Throws Error.
  Leader(ArmSetup setup, const std::string& port, bool any_firmware = false);

  std::string name() const override { return "leader at " + port_.path(); }
  double period_s() const override { return loop_.options().period_s; }
  RobotStatus read(std::span<float> joints) noexcept override;

 private:
  ArmSetup setup_;
  SerialPort port_;
  Bus bus_;
  ServoLoop loop_;
  int64_t read_ns_ = 0;  // of the newest answer
};

}  // namespace gyre::feetech
