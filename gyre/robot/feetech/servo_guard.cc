#include "gyre/robot/feetech/servo_guard.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "gyre/robot/feetech/packet.h"

namespace gyre::feetech {
namespace {

constexpr double kMostStillTicks = 8;   // a joint that moves less has not moved
constexpr double kLeastGoalError = 12;  // ticks from the goal at which a motor counts as pushing
constexpr double kStallCurrentA = 1.2;  // at the whole torque
constexpr int kLasting = 20;            // answers in a row, for heat and voltage
constexpr int kLastingError = 3;
constexpr double kSlackTicks = 120;  // from its goal, a joint moves or pushes
constexpr double kSlackLoad = 0.1;   // unless it gives less than this
constexpr int kSlackTicksS = 30;
constexpr int64_t kSlackNs = 500'000'000;
constexpr double kCooler = 5;  // degrees below the limit before driving goes on

}  // namespace

std::string_view name_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::kNone:
      return "none";
    case Trouble::kLost:
      return "lost bus";
    case Trouble::kStall:
      return "stall";
    case Trouble::kTemperature:
      return "temperature";
    case Trouble::kVoltage:
      return "voltage";
    case Trouble::kServo:
      return "servo error";
    case Trouble::kSlack:
      return "no torque";
  }
  return "";
}

// The motor gives nearly all it may, and its goal is elsewhere. Load and current both count: of
// some firmwares the one is not true.
bool ServoGuard::pushes(const Feedback& servo, double goal, double torque_limit) noexcept {
  if (torque_limit <= 0 || std::abs(goal - servo.position) < kLeastGoalError) return false;
  const double load = std::abs(servo.load) * 1e-3;
  const double current = std::abs(servo.current) * kCurrentUnitA;
  return load >= limits_.stall_load * torque_limit || current >= kStallCurrentA * torque_limit;
}

// A servo whose power was cut for a moment answers as before, and is loose.
bool ServoGuard::slack(const Feedback& servo, double goal, double torque_limit,
                       int64_t now_ns) noexcept {
  const bool idle = torque_limit > 0 && std::abs(goal - servo.position) > kSlackTicks &&
                    std::abs(servo.load) * 1e-3 < kSlackLoad * torque_limit &&
                    std::abs(servo.velocity) < kSlackTicksS;
  if (!idle) {
    slack_since_ns_ = -1;
  } else if (slack_since_ns_ < 0) {
    slack_since_ns_ = now_ns;
  }
  return idle && now_ns - slack_since_ns_ >= kSlackNs;
}

Trouble ServoGuard::look(const Feedback& servo, double goal, double torque_limit,
                         int64_t now_ns) noexcept {
  if (!pushes(servo, goal, torque_limit)) {
    pushing_since_ns_ = -1;
  } else if (pushing_since_ns_ < 0 || std::abs(servo.position - pushed_at_) > kMostStillTicks) {
    pushing_since_ns_ = now_ns;
    pushed_at_ = servo.position;
  }
  const double volts = servo.voltage * 0.1;
  hot_ = servo.temperature >= limits_.max_temperature ? hot_ + 1 : 0;
  odd_voltage_ = volts < limits_.min_voltage || volts > limits_.max_voltage ? odd_voltage_ + 1 : 0;
  errors_ = servo.status != 0 ? errors_ + 1 : 0;
  if (pushing_since_ns_ >= 0 && now_ns - pushing_since_ns_ >= limits_.stall_ns) {
    return Trouble::kStall;
  }
  if (slack(servo, goal, torque_limit, now_ns)) return Trouble::kSlack;
  if (errors_ >= kLastingError) return Trouble::kServo;
  if (hot_ >= kLasting) return Trouble::kTemperature;
  if (odd_voltage_ >= kLasting) return Trouble::kVoltage;
  return Trouble::kNone;
}

void ServoGuard::restart() noexcept {
  pushing_since_ns_ = slack_since_ns_ = -1;
  hot_ = odd_voltage_ = errors_ = 0;
}

bool ServoGuard::sound(const Feedback& servo) const noexcept {
  const double volts = servo.voltage * 0.1;
  // An overload ends with the torque that is switched on anew.
  return (servo.status & ~servo_error::kOverload) == 0 &&
         servo.temperature <= limits_.max_temperature - kCooler && volts >= limits_.min_voltage &&
         volts <= limits_.max_voltage;
}

}  // namespace gyre::feetech
