// gyre robot calibrate: offsets, ranges, and the pose that ties ticks to radians.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/inspect.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/feetech/servo_setup.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

constexpr int kLeastTurn = 60;  // ticks that a joint is turned to show its way: 5 degrees

struct CalibrateOptions {
  ArmFlags arm;
  bool write = false, undo = false, only_pose = false;
  std::string json;
};

// "arm.json" keeps what the servos had before in "arm.before.json".
fs::path before_file(fs::path file) { return file.replace_extension(".before.json"); }

class Calibrator {
 public:
  explicit Calibrator(const CalibrateOptions& options)
      : options_(options),
        folder_(servo_folder(options.arm)),
        driver_(folder_->driver),
        file_(feetech::calibration_file(*folder_, options.arm.calibration, options.arm.role())),
        port_(arm_port(options.arm, *folder_), driver_.baud),
        bus_(port_, driver_.baud) {}

  void run() {
    if (options_.undo) return write_file(before_file(file_), "the calibration before it");
    if (options_.write) return write_file(file_, "the calibration");
    require_sound_arm(nullptr);
    switch_torque_off(bus_, driver_);
    if (options_.only_pose) {
      const feetech::Calibration present = feetech::Calibration::load(file_);
      require_sound_arm(&present);
      find_pose().save(feetech::known_pose_file(file_));
      return tell({"pose"}, "the known pose is stored\n");
    }
    const feetech::Calibration found = sweep();
    const feetech::KnownPose pose = find_pose();
    // From here on servos are written to.
    read_calibration(bus_, driver_).save(before_file(file_));
    feetech::write_calibration(bus_, found);
    found.save(file_);
    pose.save(feetech::known_pose_file(file_));
    std::string text;
    for (const feetech::MotorCalibration& motor : found.motors) {
      text += fmt::format("  {:<14} offset {:>5}  range {:>4} .. {}\n", motor.motor,
                          motor.homing_offset, motor.range_min, motor.range_max);
    }
    tell({"offsets", "ranges", "pose"}, text);
  }

 private:
  void require_sound_arm(const feetech::Calibration* calibration) {
    feetech::require_sound_arm(port_, bus_, *folder_, calibration, options_.arm.any_firmware);
  }

  void write_file(const fs::path& file, const std::string& what) {
    const feetech::Calibration calibration = feetech::Calibration::load(file);
    require_sound_arm(nullptr);
    for (const RobotFolder::Driver::Servo& servo : driver_.servos) {
      const feetech::MotorCalibration* motor = calibration.find(servo.joint);
      if (motor == nullptr || motor->id != servo.id) {
        throw Error(file.string(), "is of another arm: it has no " + servo.joint + " of id " +
                                       std::to_string(servo.id));
      }
    }
    if (!options_.undo) read_calibration(bus_, driver_).save(before_file(file_));
    feetech::write_calibration(bus_, calibration);
    if (options_.undo) calibration.save(file_);
    tell({"offsets", "ranges"}, what + " is in the servos: " + file.string() + "\n");
  }

  feetech::Calibration sweep() {
    wait_for_enter("Torque is off. Move every joint to the middle of its range,");
    const std::vector<int> shafts = read_shafts(bus_, driver_);
    std::vector<int> offsets;
    for (size_t i = 0; i < shafts.size(); ++i) {
      offsets.push_back(feetech::homing_offset_for(driver_.servos[i].joint, shafts[i]));
    }
    feetech::Sweep sweep(driver_, offsets);
    fmt::print(stderr,
               "Move every joint but wrist_roll slowly from one end of its range to the other,\n"
               "  then press Enter: ");
    do {
      sweep.add(read_shafts(bus_, driver_));
    } while (!enter_pressed());
    fmt::print(stderr, "\n");
    return sweep.result();
  }

  feetech::KnownPose find_pose() {
    wait_for_enter(fmt::format("Bring the arm to its known pose{}{},",
                               driver_.pose.empty() ? "" : ": ", driver_.pose));
    const std::vector<int> known = read_shafts(bus_, driver_);
    std::string ways;
    for (const RobotFolder::Driver::Servo& servo : driver_.servos) {
      if (!servo.positive.empty()) ways += fmt::format("\n  {}: {}", servo.joint, servo.positive);
    }
    wait_for_enter(
        "From there turn each joint by 10 degrees or more towards its larger angle:" + ways + "\n");
    const std::vector<int> turned = read_shafts(bus_, driver_);
    feetech::KnownPose pose;
    for (size_t i = 0; i + 1 < known.size(); ++i) {  // the gripper's range says all of it
      const RobotFolder::Driver::Servo& servo = driver_.servos[i];
      int change = turned[i] - known[i];
      if (change > feetech::kTicksPerTurn / 2) change -= feetech::kTicksPerTurn;
      if (change < -feetech::kTicksPerTurn / 2) change += feetech::kTicksPerTurn;
      if (std::abs(change) < kLeastTurn) {
        throw Error(servo.joint, fmt::format("was turned by {} ticks alone", std::abs(change)),
                    "turn it by 10 degrees or more, and begin again");
      }
      pose.joints.push_back({servo.joint, known[i], servo.known_pose, change < 0});
      if (!options_.arm.leader && (change < 0) != servo.mirrored) {
        fmt::print(stderr,
                   "warning: {} turns the other way than {} says: set mirrored = {} there\n",
                   servo.joint, (folder_->folder / "robot.toml").string(), change < 0);
      }
    }
    return pose;
  }

  void tell(const std::vector<std::string>& written, const std::string& text) {
    print_result(text, {{"calibration", file_.string()}, {"written", written}}, options_.json);
  }

  const CalibrateOptions& options_;
  std::shared_ptr<const RobotFolder> folder_;
  const RobotFolder::Driver& driver_;
  fs::path file_;
  feetech::SerialPort port_;
  feetech::Bus bus_;
};

}  // namespace

void add_robot_calibrate(CLI::App& robot) {
  const auto options = std::make_shared<CalibrateOptions>();
  CLI::App* verb = robot.add_subcommand(
      "calibrate", "offsets, ranges and the known pose; LeRobot's file, written at the end");
  add_arm_flags(*verb, options->arm);
  add_leader_flag(*verb, options->arm);
  add_one_arm_flag(*verb, options->arm);
  CLI::Option* write = verb->add_flag("--write", options->write, "write the file to the servos");
  CLI::Option* undo =
      verb->add_flag("--undo", options->undo, "bring back what the servos had before");
  verb->add_flag("--only-pose", options->only_pose, "the known pose alone")
      ->excludes(write)
      ->excludes(undo);
  write->excludes(undo);
  add_json_option(*verb, options->json);
  verb->callback([options] { Calibrator(*options).run(); });
}

}  // namespace gyre::apps
