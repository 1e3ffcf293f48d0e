#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "gyre/robot/feetech/packet.h"
#include "gyre/robot/feetech/registers.h"

// A servo bus that is played: for tests, for measuring, and to try the program without an arm.
namespace gyre::fake {

// One STS3215 as its bus sees it: registers, motion, load, heat and protection. Positions of the
// shaft are ticks of its own encoder (0 .. 4095), before the homing offset.
class Servo {
 public:
  explicit Servo(uint8_t id, double shaft = 2048);

  // Advances motion and heat to this moment.
  void advance(int64_t now_ns) noexcept;

  int value(feetech::Reg reg) const noexcept;
  // Writes as the bus does: read-only bytes stay, EEPROM lasts only with lock 0.
  void write(uint8_t address, std::span<const uint8_t> bytes) noexcept;
  void set(feetech::Reg reg, int value) noexcept;  // any register, for good
  std::span<const uint8_t> bytes(uint8_t address, uint8_t count) const noexcept;
  uint8_t id() const noexcept { return memory_[5]; }
  int baud() const noexcept;
  uint8_t error() const noexcept { return error_; }
  // Cuts the power for a moment: RAM is lost, and EEPROM that was written under lock.
  void restart() noexcept;

  double shaft() const noexcept { return shaft_; }
  bool torque() const noexcept { return memory_[40] == 1; }
  // The hand that moves the arm: it goes to this `position` (as the servo would tell it) where
  // torque is off.
  void pull(int position) noexcept { hand_ = position; }
  // The shaft does not go beyond these (ticks of its encoder).
  void block(std::optional<double> low, std::optional<double> high) noexcept;
  // Since when the shaft has been pressed against a block with half the motor's torque or more.
  std::optional<int64_t> blocked_since_ns() const noexcept { return blocked_since_ns_; }
  void heat(double degrees) noexcept;
  void supply(double volts) noexcept;
  void fail(uint8_t bits) noexcept;  // error bits that stay
  bool dead = false;                 // answers nothing

 private:
  void step(double dt, int64_t now_ns) noexcept;
  double limit_share() const noexcept;
  void store(feetech::Reg reg, int value) noexcept;
  void show() noexcept;

  std::array<uint8_t, 128> memory_{}, lasting_{};
  double shaft_, velocity_ = 0, load_ = 0, temperature_ = 28, volts_ = 7.2;
  std::optional<double> low_, high_, hand_;
  std::optional<int64_t> blocked_since_ns_;
  double overloaded_s_ = 0;
  uint8_t error_ = 0, forced_error_ = 0;
  int64_t now_ns_ = -1;
};

}  // namespace gyre::fake
