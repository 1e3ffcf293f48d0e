#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/calibration.h"
#include "gyre/robot/robot_folder.h"

// What is written into servos when an arm is set up and calibrated. EEPROM is written only where a
// value differs, with torque off.
namespace gyre::feetech {

// The lone servo on the bus, wherever it listens.
struct FoundServo {
  int id = 0, baud = 0, model = 0;
};
// Looks at every rate; the port is left at the rate of the servo. Throws Error where none answers,
// or several do.
FoundServo find_lone_servo(Bus& bus, const std::function<void(int baud)>& set_baud);

// Gives the lone servo the joint's id and 1,000,000 baud, then its settings. The port is left at
// that rate. Throws Error for another model, and where the servo does not obey.
void set_up_servo(Bus& bus, const FoundServo& found, const RobotFolder::Driver& driver,
                  const RobotFolder::Driver::Servo& servo,
                  const std::function<void(int baud)>& set_baud);

// Positions of the shafts: present position + homing offset, 0 .. 4095, in the driver's order.
// Throws Error naming the joint that does not answer.
std::vector<int> read_shafts(Bus& bus, const RobotFolder::Driver& driver);
void switch_torque_off(Bus& bus, const RobotFolder::Driver& driver);

// Offsets and ranges as the servos have them now.
Calibration read_calibration(Bus& bus, const RobotFolder::Driver& driver);
// Writes offsets and ranges and reads them again. Throws Error naming the joint that did not obey:
// those before it are written.
void write_calibration(Bus& bus, const Calibration& calibration);

// The ranges that a hand shows, joint by joint.
class Sweep {
 public:
  // `offsets` will be the homing offsets; ranges are positions after them.
  Sweep(const RobotFolder::Driver& driver, std::vector<int> offsets);
  // Throws Error for a jump of more than half a turn: the joint crossed its encoder's seam.
  void add(const std::vector<int>& shafts);
  // Throws Error naming a joint that did not move. A joint that turns all around (wrist_roll, as
  // LeRobot has it) has the whole range.
  Calibration result() const;
  int position(size_t i) const { return last_[i]; }
  int low(size_t i) const { return low_[i]; }
  int high(size_t i) const { return high_[i]; }
  bool whole_turn(size_t i) const;

 private:
  const RobotFolder::Driver& driver_;
  std::vector<int> offsets_, last_, low_, high_;
};

}  // namespace gyre::feetech
