#pragma once

#include <cstdint>
#include <string_view>

#include "gyre/robot/feetech/registers.h"

namespace gyre::feetech {

enum class Trouble : uint8_t {
  kNone,
  kLost,         // no answer from the bus
  kStall,        // a joint pushes and does not move
  kTemperature,  // a servo is too hot
  kVoltage,      // too little or too much
  kServo,        // a servo reports an error of its own
  kSlack,        // a joint neither moves nor pushes: its servo has lost its torque
};
std::string_view name_of(Trouble trouble);

struct GuardLimits {
  double stall_load = 0.6;  // share of the torque limit
  int64_t stall_ns = 50'000'000;
  double max_temperature = 65;                  // degrees C
  double min_voltage = 4.5, max_voltage = 8.4;  // V
};

// Watches one servo, answer by answer. One odd answer is no trouble: each has to last.
class ServoGuard {
 public:
  explicit ServoGuard(const GuardLimits& limits) : limits_(limits) {}

  // `goal` in ticks; `torque_limit` 0 .. 1, 0 where torque is off.
  Trouble look(const Feedback& servo, double goal, double torque_limit, int64_t now_ns) noexcept;
  void restart() noexcept;
  // May the servo be driven again, after it was too hot or had an error?
  bool sound(const Feedback& servo) const noexcept;

 private:
  bool slack(const Feedback& servo, double goal, double torque_limit, int64_t now_ns) noexcept;
  bool pushes(const Feedback& servo, double goal, double torque_limit) noexcept;

  GuardLimits limits_;
  int64_t pushing_since_ns_ = -1, slack_since_ns_ = -1;
  int pushed_at_ = 0;  // position at which the push began
  int hot_ = 0, odd_voltage_ = 0, errors_ = 0;
};

}  // namespace gyre::feetech
