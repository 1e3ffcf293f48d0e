#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/calibration.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::feetech {

// One servo as it is found. Reading it writes nothing.
struct ServoReport {
  std::string joint;
  int id = 0;
  BusResult result = BusResult::kSilent;  // of asking; the rest holds with kOk alone
  int model = 0, firmware_major = 0, firmware_minor = 0;
  int homing_offset = 0, range_min = 0, range_max = 0;
  int phase = 0, mode = 0, torque = 0;
  Feedback now;
  double answer_ms = 0;  // median time of an answer

  std::string firmware() const;
};

// A whole arm as it is found.
struct ArmReport {
  std::vector<ServoReport> servos;    // in the contract's order, the gripper last
  std::vector<std::string> problems;  // each keeps the arm from being driven; one line each
  std::vector<std::string> warnings;
};

struct InspectOptions {
  const Calibration* calibration = nullptr;  // to compare the servos with; null: do not
  bool any_firmware = false;                 // different firmwares are a warning
  // Changes the port's rate, to look for servos that answer at another one; empty: do not look.
  std::function<void(int baud)> set_baud;
};

// Asks every servo of the folder's arm and says what is wrong: missing and doubled ids with their
// likely cause, model, firmware, voltage, temperature, error bits, the calibration, Phase, offsets.
ArmReport inspect(Bus& bus, const RobotFolder& folder, const InspectOptions& options);

// Throws the first problem as an Error; the further ones are counted in it.
void require_sound(const ArmReport& report, const std::string& port);
// The same of an arm that is inspected at its port.
ArmReport require_sound_arm(SerialPort& port, Bus& bus, const RobotFolder& folder,
                            const Calibration* calibration, bool any_firmware);

}  // namespace gyre::feetech
