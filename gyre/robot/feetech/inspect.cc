#include "gyre/robot/feetech/inspect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::feetech {
namespace {

constexpr int kPings = 9;
constexpr size_t kEepromBytes = 40, kRamBytes = 31;

int eeprom(std::span<const uint8_t> bytes, Reg reg) {
  return decode(info(reg), bytes.subspan(info(reg).address));
}

ServoReport ask_servo(Bus& bus, const std::string& joint, int id) {
  ServoReport report{.joint = joint, .id = id};
  const auto servo = static_cast<uint8_t>(id);
  int garbled = 0;
  std::vector<double> times;
  for (int i = 0; i < kPings; ++i) {
    const int64_t begin = bus.now_ns();
    const BusResult result = bus.ping(servo, nullptr, 1);
    if (result == BusResult::kLost) return {.joint = joint, .id = id, .result = result};
    if (result == BusResult::kOk) times.push_back(static_cast<double>(bus.now_ns() - begin) * 1e-6);
    garbled += result == BusResult::kCorrupt;
    constexpr int kSilentEnough = 3;
    if (times.empty() && garbled == 0 && i + 1 == kSilentEnough) break;
  }
  // One garbled answer is noise; half of them are two servos that speak at once.
  if (2 * garbled >= kPings) return {.joint = joint, .id = id, .result = BusResult::kCorrupt};
  if (times.empty()) return report;
  std::ranges::sort(times);
  report.answer_ms = times[times.size() / 2];
  std::array<uint8_t, kEepromBytes + kRamBytes> bytes{};
  const std::span all(bytes);
  report.result = bus.read_bytes(servo, 0, all.first(kEepromBytes));
  if (report.result != BusResult::kOk) return report;
  report.result = bus.read_bytes(servo, kEepromBytes, all.subspan(kEepromBytes));
  report.model = eeprom(all, Reg::kModel);
  report.firmware_major = eeprom(all, Reg::kFirmwareMajor);
  report.firmware_minor = eeprom(all, Reg::kFirmwareMinor);
  report.homing_offset = eeprom(all, Reg::kHomingOffset);
  report.range_min = eeprom(all, Reg::kMinPosition);
  report.range_max = eeprom(all, Reg::kMaxPosition);
  report.phase = eeprom(all, Reg::kPhase);
  report.mode = eeprom(all, Reg::kMode);
  report.torque = eeprom(all, Reg::kTorque);
  report.now = decode_feedback(all.subspan(kFeedbackAddress, kFeedbackBytes), 0);
  return report;
}

class Findings {
 public:
  Findings(Bus& bus, const RobotFolder& folder, const InspectOptions& options, ArmReport& report)
      : bus_(bus), driver_(folder.driver), options_(options), report_(report) {}

  void find() {
    if (!find_missing()) return;
    for (const ServoReport& servo : report_.servos) find_in(servo);
    compare_firmware();
    if (options_.calibration != nullptr) compare_calibration();
  }

 private:
  void problem(std::string line) { report_.problems.push_back(std::move(line)); }

  // False where nothing answers: then there is no more to say.
  bool find_missing() {
    std::vector<const ServoReport*> silent, garbled, here;
    for (const ServoReport& servo : report_.servos) {
      if (servo.result == BusResult::kLost) {
        problem("the port went away");
        return false;
      }
      (servo.result == BusResult::kOk       ? here
       : servo.result == BusResult::kSilent ? silent
                                            : garbled)
          .push_back(&servo);
    }
    if (silent.size() == report_.servos.size()) {
      problem(nothing_answers());
      return false;
    }
    for (const ServoReport* servo : garbled) {
      problem(
          fmt::format("{}: two servos answer as id {}; give each its own: gyre robot "
                      "setup-motors",
                      servo->joint, servo->id));
    }
    if (!silent.empty()) tell_silent(silent, here, !garbled.empty());
    return true;
  }

  std::string nothing_answers() {
    if (options_.set_baud) {
      for (const int baud : kBaudRates) {
        if (baud == driver_.baud) continue;
        options_.set_baud(baud);
        bus_.set_baud(baud);
        const bool answers = std::ranges::any_of(driver_.servos, [&](const auto& servo) {
          return bus_.ping(static_cast<uint8_t>(servo.id), nullptr, 1) == BusResult::kOk;
        });
        options_.set_baud(driver_.baud);
        bus_.set_baud(driver_.baud);
        if (answers) {
          return fmt::format(
              "the servos answer at {} baud, not at {}; set them up: gyre robot "
              "setup-motors",
              baud, driver_.baud);
        }
      }
    }
    return "no servo answers; is the arm's power supply on, and is this the arm's port? (gyre "
           "robot "
           "find-port)";
  }

  void tell_silent(const std::vector<const ServoReport*>& silent,
                   const std::vector<const ServoReport*>& here, bool doubled) {
    std::vector<std::string> names;
    for (const ServoReport* servo : silent) {
      names.push_back(fmt::format("{} (id {})", servo->joint, servo->id));
    }
    std::string cause = "its plug is loose, or it has another id: gyre robot setup-motors";
    const bool at_end = silent.back() == &report_.servos.back();
    const auto first = static_cast<size_t>(silent.front() - report_.servos.data());
    const bool in_a_row =
        static_cast<size_t>(silent.back() - report_.servos.data()) - first + 1 == silent.size();
    const auto weak = std::ranges::find_if(here, [&](const ServoReport* servo) {
      return servo->now.voltage * 0.1 < driver_.min_voltage ||
             servo->now.voltage * 0.1 > driver_.max_voltage;
    });
    if (weak != here.end()) {
      cause = fmt::format("the supply is {:.1f} V at {}: these servos need {:.1f} .. {:.1f} V",
                          (*weak)->now.voltage * 0.1, (*weak)->joint, driver_.min_voltage,
                          driver_.max_voltage);
    } else if (doubled) {
      cause = "a servo that was not set up has another's id: gyre robot setup-motors";
    } else if (const auto strangers = unknown_ids(); !strangers.empty()) {
      cause = fmt::format("id {} answers that no joint has: gyre robot setup-motors",
                          fmt::join(strangers, ", "));
    } else if (silent.size() > 1 && at_end && in_a_row && first > 0) {
      cause = fmt::format("the cable between {} and {} is loose", report_.servos[first - 1].joint,
                          report_.servos[first].joint);
    }
    problem(fmt::format("no answer from {}; {}", fmt::join(names, ", "), cause));
  }

  std::vector<uint8_t> unknown_ids() {
    std::vector<uint8_t> unknown;
    for (const uint8_t id : bus_.scan()) {
      if (std::ranges::none_of(driver_.servos, [&](const auto& s) { return s.id == id; })) {
        unknown.push_back(id);
      }
    }
    return unknown;
  }

  void find_in(const ServoReport& servo) {
    if (servo.result != BusResult::kOk) return;
    const auto tell = [&](const std::string& what) {
      problem(fmt::format("{}: {}", servo.joint, what));
    };
    if (servo.model != driver_.model) {
      tell(fmt::format("is a servo of model {}, not {}; replace it, or set driver.model",
                       servo.model, driver_.model));
      return;
    }
    const double volts = servo.now.voltage * 0.1;
    if (volts < driver_.min_voltage || volts > driver_.max_voltage) {
      tell(fmt::format("has {:.1f} V, not {:.1f} .. {:.1f}; check the power supply", volts,
                       driver_.min_voltage, driver_.max_voltage));
    }
    if (servo.now.temperature >= driver_.max_temperature) {
      tell(fmt::format("has {} degrees C, and may have {:.0f}; let it cool", servo.now.temperature,
                       driver_.max_temperature));
    }
    if (servo.now.status != 0) {
      tell(fmt::format("reports {}; switch the arm's power off and on",
                       servo_error_names(servo.now.status)));
    }
    if ((servo.phase & kPhaseMultiTurn) != 0) {
      tell(
          "counts several turns (Phase bit 4), so its position may leave 0 .. 4095; run: gyre "
          "robot setup-motors --only " +
          servo.joint);
    }
    if (std::abs(servo.homing_offset) > kMostOffset) {
      tell(fmt::format("has a homing offset of {}", servo.homing_offset));
    }
  }

  void compare_firmware() {
    const ServoReport* first = nullptr;
    for (const ServoReport& servo : report_.servos) {
      if (servo.result != BusResult::kOk) continue;
      if (first == nullptr) first = &servo;
      if (servo.firmware() == first->firmware()) continue;
      const std::string line = fmt::format("{} has firmware {}, and {} has {}", servo.joint,
                                           servo.firmware(), first->joint, first->firmware());
      if (options_.any_firmware) {
        report_.warnings.push_back(line);
      } else {
        problem(line + "; update them, or allow it with --any-firmware");
      }
      return;
    }
  }

  void compare_calibration() {
    std::vector<std::string> differing;
    std::string example;
    size_t compared = 0;
    for (const ServoReport& servo : report_.servos) {
      const MotorCalibration* motor = options_.calibration->find(servo.joint);
      if (servo.result != BusResult::kOk || motor == nullptr) continue;
      ++compared;
      if (servo.homing_offset == motor->homing_offset && servo.range_min == motor->range_min &&
          servo.range_max == motor->range_max) {
        continue;
      }
      if (differing.empty()) {
        example = fmt::format("{} has offset {}, range {} .. {}, and the file {}, {} .. {}",
                              servo.joint, servo.homing_offset, servo.range_min, servo.range_max,
                              motor->homing_offset, motor->range_min, motor->range_max);
      }
      differing.push_back(servo.joint);
    }
    if (differing.empty()) return;
    const bool all = differing.size() == compared;
    problem(
        fmt::format("{}: {}; write the file to the servos with gyre robot calibrate --write, or "
                    "calibrate again",
                    all ? "the calibration is another arm's, or was never written to the servos"
                        : "the calibration was written by half",
                    example));
  }

  Bus& bus_;
  const RobotFolder::Driver& driver_;
  const InspectOptions& options_;
  ArmReport& report_;
};

}  // namespace

std::string ServoReport::firmware() const {
  return fmt::format("{}.{}", firmware_major, firmware_minor);
}

ArmReport inspect(Bus& bus, const RobotFolder& folder, const InspectOptions& options) {
  ArmReport report;
  for (const RobotFolder::Driver::Servo& servo : folder.driver.servos) {
    report.servos.push_back(ask_servo(bus, servo.joint, servo.id));
  }
  Findings(bus, folder, options, report).find();
  return report;
}

void require_sound(const ArmReport& report, const std::string& port) {
  if (report.problems.empty()) return;
  const std::string& first = report.problems.front();
  const size_t remedy = first.find("; ");
  std::string what_to_do = remedy == std::string::npos ? "" : first.substr(remedy + 2);
  if (report.problems.size() > 1) {
    what_to_do += fmt::format("{}({} more problems: gyre robot check)",
                              what_to_do.empty() ? "" : " ", report.problems.size() - 1);
  }
  throw Error("arm at " + port, first.substr(0, remedy), what_to_do);
}

ArmReport require_sound_arm(SerialPort& port, Bus& bus, const RobotFolder& folder,
                            const Calibration* calibration, bool any_firmware) {
  ArmReport report = inspect(bus, folder,
                             {.calibration = calibration,
                              .any_firmware = any_firmware,
                              .set_baud = [&port](int baud) { port.set_baud(baud); }});
  require_sound(report, port.path());
  return report;
}

}  // namespace gyre::feetech
