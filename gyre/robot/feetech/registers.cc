#include "gyre/robot/feetech/registers.h"

#include <cstdlib>

namespace gyre::feetech {

int decode(const Register& reg, std::span<const uint8_t> bytes) noexcept {
  int raw = bytes[0];
  if (reg.size == 2) raw |= bytes[1] << 8;
  if (reg.sign_bit < 0) return raw;
  const int sign = 1 << reg.sign_bit;
  return (raw & sign) != 0 ? -(raw & ~sign) : raw;
}

void encode(const Register& reg, int value, std::span<uint8_t> bytes) noexcept {
  int raw = value;
  if (reg.sign_bit >= 0) {
    const int sign = 1 << reg.sign_bit;
    raw = std::abs(value) & (sign - 1);
    if (value < 0) raw |= sign;
  }
  bytes[0] = static_cast<uint8_t>(raw);
  if (reg.size == 2) bytes[1] = static_cast<uint8_t>(raw >> 8);
}

bool fits(const Register& reg, int value) noexcept {
  uint8_t bytes[2];
  encode(reg, value, bytes);
  return decode(reg, bytes) == value;
}

Feedback decode_feedback(std::span<const uint8_t> bytes, uint8_t error_byte) noexcept {
  const auto value = [&](Reg reg) {
    return decode(info(reg), bytes.subspan(info(reg).address - kFeedbackAddress));
  };
  return {.position = value(Reg::kPresentPosition),
          .velocity = value(Reg::kPresentVelocity),
          .load = value(Reg::kPresentLoad),
          .voltage = value(Reg::kPresentVoltage),
          .temperature = value(Reg::kPresentTemperature),
          .status = static_cast<uint8_t>(value(Reg::kStatus) | error_byte),
          .moving = value(Reg::kMoving) != 0,
          .current = value(Reg::kPresentCurrent)};
}

}  // namespace gyre::feetech
