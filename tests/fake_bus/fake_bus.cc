// An SO-101's servo bus on a pseudo-terminal, to try the program without an arm.
//
//   fake_bus LINK [--calibration FILE] [--wire] [--faults RATE] [--seed N] [--baud CODE]
//
// LINK becomes the port's name. The servos are as the factory ships them after setup; --calibration
// gives them a file's offsets and ranges. --wire plays 1 Mbaud behind USB. Standard input takes a
// command a line, answered by "ok" or a complaint:
//
//   hand ID TICK           a hand moves a joint whose torque is off to this present position
//   block ID LOW HIGH      the shaft does not leave these ticks of its encoder; - for none
//   heat ID DEGREES, volts ID V, fail ID BITS, dead ID 0|1
//   set ID REGISTER VALUE  any register, for good
//   unplug, plug, power    (power: off and on again)
//   show                   a line for each servo: id position goal torque limit load
//   wait MS, quit
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/robot/fake/port.h"
#include "gyre/robot/feetech/calibration.h"

namespace {

using namespace gyre;

double number(std::istringstream& words) {
  double value = 0;
  if (!(words >> value)) throw Error("fake_bus", "a number is missing");
  return value;
}

std::optional<double> number_or_none(std::istringstream& words) {
  std::string word;
  words >> word;
  return word == "-" || word.empty() ? std::nullopt : std::optional(std::stod(word));
}

feetech::Reg register_named(const std::string& name) {
  for (size_t i = 0; i < feetech::kRegisters.size(); ++i) {
    if (feetech::kRegisters[i].name == name) return static_cast<feetech::Reg>(i);
  }
  throw Error("fake_bus", "no register " + name);
}

void show(fake::Bus& bus) {
  using feetech::Reg;
  for (const fake::Servo& servo : bus.servos) {
    std::cout << fmt::format("{} {} {} {} {} {}\n", servo.id(), servo.value(Reg::kPresentPosition),
                             servo.value(Reg::kGoalPosition), servo.value(Reg::kTorque),
                             servo.value(Reg::kTorqueLimit), servo.value(Reg::kPresentLoad));
  }
}

void act_on_servo(fake::Bus& bus, const std::string& what, std::istringstream& words) {
  fake::Servo& servo = bus.servo(static_cast<uint8_t>(number(words)));
  if (what == "hand") {
    servo.pull(static_cast<int>(number(words)));
  } else if (what == "block") {
    const auto low = number_or_none(words);
    servo.block(low, number_or_none(words));
  } else if (what == "heat") {
    servo.heat(number(words));
  } else if (what == "volts") {
    servo.supply(number(words));
  } else if (what == "fail") {
    servo.fail(static_cast<uint8_t>(number(words)));
  } else if (what == "dead") {
    servo.dead = number(words) != 0;
  } else if (what == "set") {
    std::string name;
    words >> name;
    servo.set(register_named(name), static_cast<int>(number(words)));
  } else {
    throw Error("fake_bus", "no command " + what);
  }
}

// False at the end.
bool act(fake::Port& port, const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what.empty()) return true;
  if (what == "quit") return false;
  if (what == "unplug") {
    port.unplug();
  } else if (what == "plug") {
    port.plug();
  } else if (what == "wait") {
    std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<int>(number(words))));
  } else {
    port.with_bus([&](fake::Bus& bus) {
      if (what == "show") return show(bus);
      if (what == "power") {
        for (fake::Servo& servo : bus.servos) servo.restart();
        return;
      }
      act_on_servo(bus, what, words);
    });
  }
  std::cout << "ok" << std::endl;
  return true;
}

void calibrate(fake::Bus& bus, const std::string& file) {
  for (const feetech::MotorCalibration& motor : feetech::Calibration::load(file).motors) {
    fake::Servo& servo = bus.servo(static_cast<uint8_t>(motor.id));
    servo.set(feetech::Reg::kHomingOffset, motor.homing_offset);
    servo.set(feetech::Reg::kMinPosition, motor.range_min);
    servo.set(feetech::Reg::kMaxPosition, motor.range_max);
  }
}

int run(int argc, char** argv) {
  fake::Bus::Options options;
  std::string link, calibration;
  int baud_code = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const auto next = [&] {
      if (i + 1 == argc) throw Error(flag, "needs a value");
      return std::string(argv[++i]);
    };
    if (flag == "--wire") {
      options.timing = fake::Timing::real();
    } else if (flag == "--faults") {
      options.fault_rate = std::stod(next());
    } else if (flag == "--seed") {
      options.seed = std::stoull(next());
    } else if (flag == "--calibration") {
      calibration = next();
    } else if (flag == "--baud") {
      baud_code = std::stoi(next());
    } else if (!flag.starts_with("-") && link.empty()) {
      link = flag;
    } else {
      throw Error(flag, "is unknown", "see the top of tests/fake_bus/fake_bus.cc");
    }
  }
  if (link.empty()) throw Error("fake_bus", "no LINK is given");
  fake::Bus bus(options);
  bus.servos = fake::so101_servos();
  if (!calibration.empty()) calibrate(bus, calibration);
  for (fake::Servo& servo : bus.servos) servo.set(feetech::Reg::kBaud, baud_code);
  fake::Port port(bus, link);
  std::cout << "a fake SO-101 at " << link << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    try {
      if (!act(port, line)) break;
    } catch (const std::exception& error) {
      std::cout << error.what() << std::endl;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "fake_bus: " << error.what() << '\n';
    return 2;
  }
}
