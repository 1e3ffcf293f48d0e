#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gyre::feetech {

enum class Memory : uint8_t {
  kEeprom,    // lasts where it was written with `lock` 0
  kRam,       // lasts until the power is cut
  kReadOnly,  // measured, or fixed by the factory
};

// One register of a servo.
struct Register {
  std::string_view name;
  uint8_t address = 0;
  uint8_t size = 1;       // bytes; words are little-endian
  int8_t sign_bit = -1;   // sign and magnitude, the sign in this bit; -1: never negative
  std::string_view unit;  // "" for plain numbers
  Memory memory = Memory::kRam;
};

// Index into kRegisters.
enum class Reg : uint8_t {
  kFirmwareMajor,
  kFirmwareMinor,
  kModel,
  kId,
  kBaud,
  kReturnDelay,
  kResponseLevel,
  kMinPosition,
  kMaxPosition,
  kMaxTemperature,
  kMaxVoltage,
  kMinVoltage,
  kMaxTorque,
  kPhase,
  kUnloadConditions,
  kLedAlarms,
  kP,
  kD,
  kI,
  kMinStartForce,
  kIntegralLimit,
  kDeadZoneClockwise,
  kDeadZoneCounter,
  kProtectionCurrent,
  kAngularResolution,
  kHomingOffset,
  kMode,
  kHoldingTorque,
  kProtectionTime,
  kOverloadTorque,
  kSpeedP,
  kOverCurrentTime,
  kSpeedI,
  kTorque,
  kAcceleration,
  kGoalPosition,
  kGoalTime,
  kGoalVelocity,
  kTorqueLimit,
  kLock,
  kPresentPosition,
  kPresentVelocity,
  kPresentLoad,
  kPresentVoltage,
  kPresentTemperature,
  kAsyncFlag,
  kStatus,
  kMoving,
  kTargetCurrent,
  kPresentCurrent,
  kMovingThreshold,
  kMaxVelocity,
  kMaxAcceleration,
};

// STS3215, in the order of addresses. Units: a tick is 1/4096 turn.
inline constexpr std::array kRegisters = {
    Register{"firmware_major", 0, 1, -1, "", Memory::kReadOnly},
    Register{"firmware_minor", 1, 1, -1, "", Memory::kReadOnly},
    Register{"model", 3, 2, -1, "", Memory::kReadOnly},
    Register{"id", 5, 1, -1, "", Memory::kEeprom},
    Register{"baud", 6, 1, -1, "code", Memory::kEeprom},
    Register{"return_delay", 7, 1, -1, "2 us", Memory::kEeprom},
    Register{"response_level", 8, 1, -1, "", Memory::kEeprom},
    Register{"min_position", 9, 2, -1, "tick", Memory::kEeprom},
    Register{"max_position", 11, 2, -1, "tick", Memory::kEeprom},
    Register{"max_temperature", 13, 1, -1, "degree C", Memory::kEeprom},
    Register{"max_voltage", 14, 1, -1, "0.1 V", Memory::kEeprom},
    Register{"min_voltage", 15, 1, -1, "0.1 V", Memory::kEeprom},
    Register{"max_torque", 16, 2, -1, "0.1 %", Memory::kEeprom},
    Register{"phase", 18, 1, -1, "bits", Memory::kEeprom},
    Register{"unload_conditions", 19, 1, -1, "bits", Memory::kEeprom},
    Register{"led_alarms", 20, 1, -1, "bits", Memory::kEeprom},
    Register{"p", 21, 1, -1, "", Memory::kEeprom},
    Register{"d", 22, 1, -1, "", Memory::kEeprom},
    Register{"i", 23, 1, -1, "", Memory::kEeprom},
    Register{"min_start_force", 24, 1, -1, "0.1 %", Memory::kEeprom},
    Register{"integral_limit", 25, 1, -1, "x 4", Memory::kEeprom},
    Register{"dead_zone_clockwise", 26, 1, -1, "tick", Memory::kEeprom},
    Register{"dead_zone_counter", 27, 1, -1, "tick", Memory::kEeprom},
    Register{"protection_current", 28, 2, -1, "6.5 mA", Memory::kEeprom},
    Register{"angular_resolution", 30, 1, -1, "", Memory::kEeprom},
    Register{"homing_offset", 31, 2, 11, "tick", Memory::kEeprom},
    Register{"mode", 33, 1, -1, "", Memory::kEeprom},
    Register{"holding_torque", 34, 1, -1, "%", Memory::kEeprom},
    Register{"protection_time", 35, 1, -1, "10 ms", Memory::kEeprom},
    Register{"overload_torque", 36, 1, -1, "%", Memory::kEeprom},
    Register{"speed_p", 37, 1, -1, "", Memory::kEeprom},
    Register{"over_current_time", 38, 1, -1, "10 ms", Memory::kEeprom},
    Register{"speed_i", 39, 1, -1, "", Memory::kEeprom},
    Register{"torque", 40, 1, -1, "", Memory::kRam},
    Register{"acceleration", 41, 1, -1, "8.7 degree/s^2", Memory::kRam},
    Register{"goal_position", 42, 2, 15, "tick", Memory::kRam},
    Register{"goal_time", 44, 2, 10, "", Memory::kRam},
    Register{"goal_velocity", 46, 2, 15, "tick/s", Memory::kRam},
    Register{"torque_limit", 48, 2, -1, "0.1 %", Memory::kRam},
    Register{"lock", 55, 1, -1, "", Memory::kRam},
    Register{"position", 56, 2, 15, "tick", Memory::kReadOnly},
    Register{"velocity", 58, 2, 15, "tick/s", Memory::kReadOnly},
    Register{"load", 60, 2, 10, "0.1 %", Memory::kReadOnly},
    Register{"voltage", 62, 1, -1, "0.1 V", Memory::kReadOnly},
    Register{"temperature", 63, 1, -1, "degree C", Memory::kReadOnly},
    Register{"async_flag", 64, 1, -1, "", Memory::kReadOnly},
    Register{"status", 65, 1, -1, "bits", Memory::kReadOnly},
    Register{"moving", 66, 1, -1, "", Memory::kReadOnly},
    Register{"target_current", 67, 2, -1, "6.5 mA", Memory::kReadOnly},
    Register{"current", 69, 2, -1, "6.5 mA", Memory::kReadOnly},
    Register{"moving_threshold", 80, 1, -1, "", Memory::kReadOnly},
    Register{"max_velocity", 84, 1, -1, "", Memory::kReadOnly},
    Register{"max_acceleration", 85, 1, -1, "", Memory::kRam},
};

constexpr const Register& info(Reg reg) { return kRegisters[static_cast<size_t>(reg)]; }

inline constexpr int kTicksPerTurn = 4096;
inline constexpr int kMostTick = 4095;
inline constexpr int kMostOffset = 2047;  // the homing offset has 11 bits beside its sign
inline constexpr int kSts3215 = 777;      // its model number
inline constexpr uint8_t kPhaseMultiTurn = 0x10;
inline constexpr double kCurrentUnitA = 0.0065;
// From `position` to `current` in one read.
inline constexpr uint8_t kFeedbackAddress = 56, kFeedbackBytes = 15;

// Rates by their code in register `baud`: 0 .. 7.
inline constexpr std::array kBaudRates = {1'000'000, 500'000, 250'000, 128'000,
                                          115'200,   76'800,  57'600,  38'400};

// The value in `bytes` (register.size of them), and the bytes of a value. A value that is too large
// for the register's bits is cut off.
int decode(const Register& reg, std::span<const uint8_t> bytes) noexcept;
void encode(const Register& reg, int value, std::span<uint8_t> bytes) noexcept;

// True if the register can hold the value as it is.
bool fits(const Register& reg, int value) noexcept;

// One answer to a read of kFeedbackBytes from kFeedbackAddress.
struct Feedback {
  int position = 0;     // ticks, after the homing offset
  int velocity = 0;     // ticks a second
  int load = 0;         // 0.1 % of full duty
  int voltage = 0;      // 0.1 V
  int temperature = 0;  // degrees C
  uint8_t status = 0;   // error bits of the register and of the packet
  bool moving = false;
  int current = 0;  // 6.5 mA
};
Feedback decode_feedback(std::span<const uint8_t> bytes, uint8_t error_byte) noexcept;

}  // namespace gyre::feetech
