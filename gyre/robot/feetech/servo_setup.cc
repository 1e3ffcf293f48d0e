#include "gyre/robot/feetech/servo_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/arm.h"

namespace gyre::feetech {
namespace {

constexpr int kFastest = 1'000'000;
constexpr int kTurn = kTicksPerTurn;
constexpr int kLeastSweep = 200;  // ticks; a joint that moved less was forgotten
const char* const kWholeTurn = "wrist_roll";

int around(int tick) { return (tick % kTurn + kTurn) % kTurn; }

void obeyed(BusResult result, const std::string& joint, Reg reg) {
  if (result == BusResult::kOk) return;
  throw Error(joint, fmt::format("{}: {}", info(reg).name, name_of(result)),
              "check its plug and begin again");
}

void put(Bus& bus, const std::string& joint, uint8_t id, Reg reg, int value) {
  obeyed(bus.write(id, reg, value), joint, reg);
}

int get(Bus& bus, const std::string& joint, uint8_t id, Reg reg) {
  int value = 0;
  obeyed(bus.read(id, reg, value), joint, reg);
  return value;
}

void put_if_other(Bus& bus, const std::string& joint, uint8_t id, Reg reg, int value) {
  if (get(bus, joint, id, reg) != value) put(bus, joint, id, reg, value);
}

}  // namespace

FoundServo find_lone_servo(Bus& bus, const std::function<void(int baud)>& set_baud) {
  for (const int baud : kBaudRates) {
    set_baud(baud);
    bus.set_baud(baud);
    const std::vector<uint8_t> ids = bus.scan();
    if (ids.empty()) continue;
    if (ids.size() > 1) {
      throw Error("bus", fmt::format("ids {} answer", fmt::join(ids, ", ")),
                  "plug in one motor alone");
    }
    int model = 0;
    const BusResult result = bus.read(ids.front(), Reg::kModel, model);
    if (result != BusResult::kOk) {
      throw Error("bus", fmt::format("id {} gives a {}", ids.front(), name_of(result)),
                  "plug in one motor alone: two of one id speak at once");
    }
    return {.id = ids.front(), .baud = baud, .model = model};
  }
  throw Error("bus", "no servo answers at any rate", "is the power on, and the plug in?");
}

void set_up_servo(Bus& bus, const FoundServo& found, const RobotFolder::Driver& driver,
                  const RobotFolder::Driver::Servo& servo,
                  const std::function<void(int baud)>& set_baud) {
  if (found.model != driver.model) {
    throw Error(servo.joint, fmt::format("is of model {}, not {}", found.model, driver.model),
                "plug in the arm's own motor, or set driver.model");
  }
  const auto id = static_cast<uint8_t>(servo.id);
  put(bus, servo.joint, static_cast<uint8_t>(found.id), Reg::kTorque, 0);
  put(bus, servo.joint, static_cast<uint8_t>(found.id), Reg::kLock, 0);
  if (found.id != servo.id) {
    put(bus, servo.joint, static_cast<uint8_t>(found.id), Reg::kId, servo.id);
  }
  if (found.baud != kFastest) {
    put(bus, servo.joint, id, Reg::kBaud, 0);
    set_baud(kFastest);
    bus.set_baud(kFastest);
  }
  configure_servo(bus, servo.joint, id, servo.joint == driver.servos.back().joint);
  put(bus, servo.joint, id, Reg::kLock, 1);
}

std::vector<int> read_shafts(Bus& bus, const RobotFolder::Driver& driver) {
  std::vector<int> shafts;
  for (const RobotFolder::Driver::Servo& servo : driver.servos) {
    const auto id = static_cast<uint8_t>(servo.id);
    const int offset = get(bus, servo.joint, id, Reg::kHomingOffset);
    shafts.push_back(around(get(bus, servo.joint, id, Reg::kPresentPosition) + offset));
  }
  return shafts;
}

void switch_torque_off(Bus& bus, const RobotFolder::Driver& driver) {
  for (const RobotFolder::Driver::Servo& servo : driver.servos) {
    put(bus, servo.joint, static_cast<uint8_t>(servo.id), Reg::kTorque, 0);
  }
}

Calibration read_calibration(Bus& bus, const RobotFolder::Driver& driver) {
  Calibration calibration;
  for (const RobotFolder::Driver::Servo& servo : driver.servos) {
    const auto id = static_cast<uint8_t>(servo.id);
    calibration.motors.push_back({.motor = servo.joint,
                                  .id = servo.id,
                                  .homing_offset = get(bus, servo.joint, id, Reg::kHomingOffset),
                                  .range_min = get(bus, servo.joint, id, Reg::kMinPosition),
                                  .range_max = get(bus, servo.joint, id, Reg::kMaxPosition)});
  }
  return calibration;
}

void write_calibration(Bus& bus, const Calibration& calibration) {
  for (const MotorCalibration& motor : calibration.motors) {
    const auto id = static_cast<uint8_t>(motor.id);
    put(bus, motor.motor, id, Reg::kTorque, 0);
    put(bus, motor.motor, id, Reg::kLock, 0);
    put_if_other(bus, motor.motor, id, Reg::kHomingOffset, motor.homing_offset);
    put_if_other(bus, motor.motor, id, Reg::kMinPosition, motor.range_min);
    put_if_other(bus, motor.motor, id, Reg::kMaxPosition, motor.range_max);
    put(bus, motor.motor, id, Reg::kLock, 1);
    if (get(bus, motor.motor, id, Reg::kHomingOffset) != motor.homing_offset ||
        get(bus, motor.motor, id, Reg::kMinPosition) != motor.range_min ||
        get(bus, motor.motor, id, Reg::kMaxPosition) != motor.range_max) {
      throw Error(motor.motor, "did not keep its calibration",
                  "begin again; gyre robot calibrate --undo brings the old one back");
    }
  }
}

Sweep::Sweep(const RobotFolder::Driver& driver, std::vector<int> offsets)
    : driver_(driver),
      offsets_(std::move(offsets)),
      last_(offsets_.size(), -1),
      low_(offsets_.size(), kMostTick),
      high_(offsets_.size(), 0) {}

bool Sweep::whole_turn(size_t i) const { return driver_.servos[i].joint == kWholeTurn; }

void Sweep::add(const std::vector<int>& shafts) {
  for (size_t i = 0; i < shafts.size(); ++i) {
    const int position = around(shafts[i] - offsets_[i]);
    if (last_[i] >= 0 && std::abs(position - last_[i]) > kTurn / 2 && !whole_turn(i)) {
      throw Error(driver_.servos[i].joint, "crossed the seam of its encoder in the sweep",
                  "begin again, with the joint in the middle of its range at the first step");
    }
    last_[i] = position;
    low_[i] = std::min(low_[i], position);
    high_[i] = std::max(high_[i], position);
  }
}

Calibration Sweep::result() const {
  Calibration calibration;
  for (size_t i = 0; i < offsets_.size(); ++i) {
    const RobotFolder::Driver::Servo& servo = driver_.servos[i];
    MotorCalibration motor{
        .motor = servo.joint, .id = servo.id, .homing_offset = offsets_[i], .range_max = kMostTick};
    if (!whole_turn(i)) {
      if (high_[i] - low_[i] < kLeastSweep) {
        throw Error(servo.joint, fmt::format("moved by {} ticks alone", high_[i] - low_[i]),
                    "move every joint from one end to the other, and begin again");
      }
      motor.range_min = low_[i];
      motor.range_max = high_[i];
    }
    calibration.motors.push_back(motor);
  }
  return calibration;
}

}  // namespace gyre::feetech
