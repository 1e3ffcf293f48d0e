#include "gyre/robot/fake/servo.h"

#include <algorithm>
#include <cmath>

namespace gyre::fake {
namespace {

using feetech::Reg;

constexpr size_t kEepromEnd = 40;
constexpr double kTopSpeed = 3100;           // ticks a second at full torque
constexpr double kTopAcceleration = 25'000;  // ticks a second squared
constexpr double kGain = 20;                 // of position, 1/s
constexpr double kFullLoadError = 60;        // ticks of error at which a pressed motor gives all
constexpr double kPressing = 0.5;  // share of its torque from which a motor counts as pressed
constexpr double kStallA = 2.4;
constexpr double kAir = 28;                // degrees C
constexpr double kHeating = 2.2;           // degrees a second at stall
constexpr double kCooling = 1.0 / 60;      // share of the difference a second
constexpr double kHandSpeed = 2000;        // ticks a second
constexpr double kFullPeriod = 0.001;      // seconds of one step of motion
constexpr int kCodesOfTorqueMiddle = 128;  // written to `torque`: the present position becomes 2048

}  // namespace

Servo::Servo(uint8_t id, double shaft) : shaft_(shaft) {
  const auto factory = [&](Reg reg, int value) { store(reg, value); };
  factory(Reg::kFirmwareMajor, 3);
  factory(Reg::kFirmwareMinor, 10);
  factory(Reg::kModel, feetech::kSts3215);
  factory(Reg::kId, id);
  factory(Reg::kReturnDelay, 250);
  factory(Reg::kResponseLevel, 1);
  factory(Reg::kMaxPosition, feetech::kMostTick);
  factory(Reg::kMaxTemperature, 70);
  factory(Reg::kMaxVoltage, 80);
  factory(Reg::kMinVoltage, 40);
  factory(Reg::kMaxTorque, 1000);
  factory(Reg::kPhase, 12);
  factory(Reg::kUnloadConditions, 44);
  factory(Reg::kLedAlarms, 47);
  factory(Reg::kP, 32);
  factory(Reg::kD, 32);
  factory(Reg::kMinStartForce, 16);
  factory(Reg::kProtectionCurrent, 500);
  factory(Reg::kAngularResolution, 1);
  factory(Reg::kHoldingTorque, 20);
  factory(Reg::kProtectionTime, 200);
  factory(Reg::kOverloadTorque, 80);
  lasting_ = memory_;
  restart();
}

int Servo::value(Reg reg) const noexcept {
  return feetech::decode(feetech::info(reg),
                         std::span(memory_).subspan(feetech::info(reg).address));
}

void Servo::store(Reg reg, int value) noexcept {
  feetech::encode(feetech::info(reg), value,
                  std::span(memory_).subspan(feetech::info(reg).address));
}

void Servo::set(Reg reg, int value) noexcept {
  store(reg, value);
  if (feetech::info(reg).address < kEepromEnd) lasting_ = memory_;
}

std::span<const uint8_t> Servo::bytes(uint8_t address, uint8_t count) const noexcept {
  if (size_t{address} + count > memory_.size()) return {};
  return std::span(memory_).subspan(address, count);
}

int Servo::baud() const noexcept {
  const uint8_t code = memory_[6];
  return code < feetech::kBaudRates.size() ? feetech::kBaudRates[code] : 0;
}

void Servo::write(uint8_t address, std::span<const uint8_t> bytes) noexcept {
  const bool was_on = torque();
  const bool lasts = value(Reg::kLock) == 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t at = address + i;
    const bool read_only = at < 5 || (at >= 56 && at < 80) || at >= memory_.size();
    if (read_only) continue;
    memory_[at] = bytes[i];
    if (at < kEepromEnd && lasts) lasting_[at] = bytes[i];
  }
  if (memory_[40] == kCodesOfTorqueMiddle) {
    memory_[40] = 0;
    set(Reg::kHomingOffset, static_cast<int>(std::lround(shaft_)) - 2048);
  }
  if (torque() && !was_on) {  // what protection took is given back
    overloaded_s_ = 0;
    hand_.reset();
  }
  show();
}

void Servo::restart() noexcept {
  memory_ = lasting_;
  std::fill(memory_.begin() + kEepromEnd, memory_.end(), uint8_t{0});
  store(Reg::kTorqueLimit, value(Reg::kMaxTorque));
  store(Reg::kLock, 1);
  store(Reg::kMaxVelocity, 68);
  store(Reg::kMaxAcceleration, 254);
  overloaded_s_ = 0;
  velocity_ = load_ = 0;
  show();
}

void Servo::block(std::optional<double> low, std::optional<double> high) noexcept {
  low_ = low;
  high_ = high;
  if (!low && !high) blocked_since_ns_.reset();
}

void Servo::heat(double degrees) noexcept {
  temperature_ = degrees;
  show();
}

void Servo::supply(double volts) noexcept {
  volts_ = volts;
  show();
}

void Servo::fail(uint8_t bits) noexcept {
  forced_error_ = bits;
  show();
}

// The part of its full torque that the motor may give.
double Servo::limit_share() const noexcept {
  const double limit = value(Reg::kTorqueLimit) / 1000.0;
  const bool protects = (error_ & feetech::servo_error::kOverload) != 0;
  return protects ? std::min(limit, value(Reg::kHoldingTorque) / 100.0) : limit;
}

void Servo::advance(int64_t now_ns) noexcept {
  if (now_ns_ < 0) now_ns_ = now_ns;
  constexpr double kMostBehind = 0.5;  // seconds that are caught up with at once
  double left = std::min(kMostBehind, static_cast<double>(now_ns - now_ns_) * 1e-9);
  if (left <= 0) return;
  now_ns_ = now_ns;
  while (left > 0) {
    const double dt = std::min(left, kFullPeriod);
    step(dt, now_ns - static_cast<int64_t>((left - dt) * 1e9));
    left -= dt;
  }
  show();
}

void Servo::step(double dt, int64_t now_ns) noexcept {
  const int offset = value(Reg::kHomingOffset);
  const double share = limit_share();
  load_ = 0;
  bool pressed = false;
  if (torque() && share > 0.01) {
    const int goal =
        std::clamp(value(Reg::kGoalPosition), value(Reg::kMinPosition), value(Reg::kMaxPosition));
    const double error = goal + offset - shaft_;
    double top = kTopSpeed * std::min(1.0, share + 0.2);
    if (const int asked = value(Reg::kGoalVelocity); asked > 0) top = std::min<double>(top, asked);
    const double wanted = std::clamp(kGain * error, -top, top);
    const double most = kTopAcceleration * dt;
    velocity_ += std::clamp(wanted - velocity_, -most, most);
    double next = shaft_ + velocity_ * dt;
    const bool below = low_ && next < *low_, above = high_ && next > *high_;
    if (below || above) {
      next = below ? std::min(shaft_, *low_) : std::max(shaft_, *high_);
      velocity_ = 0;
      load_ = std::copysign(std::min(share, std::abs(error) / kFullLoadError), error);
      pressed = std::abs(load_) >= kPressing * share;
    } else {
      load_ = std::clamp(0.04 * (error > 0 ? 1 : -1) + velocity_ / kTopSpeed * 0.25, -share, share);
      if (std::abs(error) < 2) load_ = 0.02;
    }
    shaft_ = next;
  } else {
    velocity_ = 0;
    if (hand_) {
      const double target = *hand_ + offset;
      const double way = std::clamp(target - shaft_, -kHandSpeed * dt, kHandSpeed * dt);
      velocity_ = way / dt;
      shaft_ += way;
      if (way == 0) hand_.reset();
    }
  }
  if (!pressed) {
    blocked_since_ns_.reset();
  } else if (!blocked_since_ns_) {
    blocked_since_ns_ = now_ns;
  }
  const double effort = load_ * load_;
  temperature_ += (kHeating * effort - kCooling * (temperature_ - kAir)) * dt;
  const bool over = std::abs(load_) >= value(Reg::kOverloadTorque) / 100.0;
  overloaded_s_ = over ? overloaded_s_ + dt
                       : ((error_ & feetech::servo_error::kOverload) != 0 ? overloaded_s_ : 0);
}

void Servo::show() noexcept {
  using namespace feetech::servo_error;
  const int turn = feetech::kTicksPerTurn;
  int position = static_cast<int>(std::lround(shaft_)) - value(Reg::kHomingOffset);
  const bool multi_turn = (value(Reg::kPhase) & feetech::kPhaseMultiTurn) != 0;
  if (!multi_turn) position = ((position % turn) + turn) % turn;
  store(Reg::kPresentPosition, position);
  store(Reg::kPresentVelocity, static_cast<int>(velocity_));
  store(Reg::kPresentLoad, static_cast<int>(load_ * 1000));
  store(Reg::kPresentVoltage, static_cast<int>(std::lround(volts_ * 10)));
  store(Reg::kPresentTemperature, static_cast<int>(temperature_));
  store(Reg::kMoving, std::abs(velocity_) > 10 ? 1 : 0);
  store(Reg::kPresentCurrent, static_cast<int>(std::abs(load_) * kStallA / feetech::kCurrentUnitA));
  error_ = forced_error_;
  if (volts_ * 10 > value(Reg::kMaxVoltage) || volts_ * 10 < value(Reg::kMinVoltage)) {
    error_ |= kVoltage;
  }
  if (temperature_ > value(Reg::kMaxTemperature)) error_ |= kTemperature;
  if (overloaded_s_ >= value(Reg::kProtectionTime) * 0.01) error_ |= kOverload;
  store(Reg::kStatus, error_);
}

}  // namespace gyre::fake
