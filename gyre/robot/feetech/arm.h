#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/inspect.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/feetech/servo_loop.h"
#include "gyre/robot/robot.h"

namespace gyre::feetech {

struct ArmOptions {
  std::string port;
  double control_period_s = 0.01;
  int image_size = 0;  // pixels of its cameras' sides; 0: it has none
  bool any_firmware = false;
  // Told before the first write to a servo: from here on the arm needs what its folder promises.
  std::function<void()> before_torque;
};

// A real arm of Feetech servos under the contract "<name>/joint": radians, and the gripper 0 .. 1.
// The bus has a thread of its own; read() takes its newest state, write() leaves it the newest
// goal. In the end, whichever way it comes to it, the arm is brought to what the folder promises.
class Arm : public Robot {
 public:
  // Opens the port, inspects every servo, then takes the arm from wherever it is. Throws Error
  // before anything was written to a servo, where something is wrong with it.
  Arm(ArmSetup setup, const ArmOptions& options);
  ~Arm() override;
  Arm(const Arm&) = delete;
  Arm& operator=(const Arm&) = delete;

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  RobotStatus read(RobotState& state) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  // Where the goals are; where the joints are while they are not driven.
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  void clear() noexcept override;
  std::string fault() const override;

  const ArmSetup& setup() const { return setup_; }
  const LoopState& state() noexcept { return loop_.newest(); }  // the thread of read()
  int64_t late_cycles() const { return late_cycles_; }          // that began a period late

 private:
  WriteResult write(std::span<const float> command) noexcept override;
  void work() noexcept;

  ArmSetup setup_;
  Embodiment embodiment_;
  SerialPort port_;
  Bus bus_;
  ServoLoop loop_;
  std::vector<float> sent_, hold_;
  std::vector<double> ticks_;
  int64_t read_ns_ = -1;           // of the state that the last read() gave
  int64_t clearing_ns_ = -1;       // until then a clear may be under way
  std::atomic<uint32_t> told_{0};  // trouble, servo and error bits of the last read()
  std::atomic<int64_t> late_cycles_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

// The registers that LeRobot sets when it connects, but for those in EEPROM that hold them already:
// no return delay, full acceleration, position mode, its gains, and a gripper that spares itself.
// Torque has to be off. Throws Error naming the servo that did not obey.
void configure_servo(Bus& bus, const std::string& joint, uint8_t id, bool gripper);

}  // namespace gyre::feetech
