#include "gyre/robot/feetech/arm_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/registers.h"

namespace gyre::feetech {
namespace {

constexpr double kRadPerTick = 2 * std::numbers::pi / kTicksPerTurn;
// A calibrated range that is so much wider than the joint's has crossed the encoder's seam.
constexpr double kTooWide = 1.5;
constexpr double kLeastShare = 0.5;  // of a range that the calibration and the contract share

int wrapped(int tick) { return (tick % kTicksPerTurn + kTicksPerTurn) % kTicksPerTurn; }

JointMap gripper_map(const RobotFolder& folder, const MotorCalibration& motor) {
  JointMap map{.name = motor.motor,
               .id = static_cast<uint8_t>(motor.id),
               .gripper = true,
               .tick_min = motor.range_min,
               .tick_max = motor.range_max};
  const double span = motor.range_max - motor.range_min;
  map.per_tick = motor.drive_mode != 0 ? -1 / span : 1 / span;
  map.zero_tick = motor.drive_mode != 0 ? motor.range_max : motor.range_min;
  map.max_ticks_s = folder.gripper.speed * span;
  return map;
}

JointMap joint_map(const ArmJoint& joint, const MotorCalibration& motor,
                   const KnownPose::Joint& known, const std::string& file) {
  const std::string where = fmt::format("{}: {}", file, joint.name);
  JointMap map{.name = joint.name, .id = static_cast<uint8_t>(motor.id)};
  map.per_tick = known.mirrored ? -kRadPerTick : kRadPerTick;
  map.zero_tick = wrapped(known.shaft - motor.homing_offset) - known.radians / map.per_tick;
  map.max_ticks_s = joint.max_velocity / kRadPerTick;
  const double span = (joint.max - joint.min) / kRadPerTick;
  if (motor.range_max - motor.range_min > kTooWide * span) {
    throw Error(where,
                fmt::format("its range {} .. {} is almost a turn: the sweep crossed the encoder's "
                            "seam",
                            motor.range_min, motor.range_max),
                "begin the calibration with the arm in the middle of its ranges");
  }
  const auto [low, high] = std::minmax({map.tick(joint.min), map.tick(joint.max)});
  map.tick_min = std::max(motor.range_min, static_cast<int>(std::ceil(low)));
  map.tick_max = std::min(motor.range_max, static_cast<int>(std::floor(high)));
  const double calibrated = motor.range_max - motor.range_min;
  if (map.tick_max - map.tick_min < kLeastShare * std::min(span, calibrated)) {
    throw Error(
        where,
        fmt::format("its range {} .. {} lies mostly outside of the joint's, which is {:.0f} .. "
                    "{:.0f} by the known pose",
                    motor.range_min, motor.range_max, low, high),
        "run: gyre robot calibrate --only-pose");
  }
  return map;
}

}  // namespace

std::filesystem::path calibration_file(const RobotFolder& folder, const std::string& given,
                                       ArmRole role) {
  if (!given.empty()) return given;
  if (role == ArmRole::kFollower && !folder.driver.calibration.empty()) {
    return folder.folder / folder.driver.calibration;
  }
  return lerobot_calibration_file(folder.name, role);
}

ArmSetup arm_setup(const std::shared_ptr<const RobotFolder>& folder,
                   const std::filesystem::path& file, ArmRole role) {
  const RobotFolder::Driver& driver = folder->driver;
  if (driver.kind.empty()) {
    throw Error("robot " + folder->name, "has no driver", "its robot.toml needs a table [driver]");
  }
  ArmSetup setup{.folder = folder,
                 .file = file,
                 .calibration = Calibration::load(file),
                 .pose = KnownPose::load(known_pose_file(file))};
  const std::string name = file.string();
  for (size_t i = 0; i < driver.servos.size(); ++i) {
    const RobotFolder::Driver::Servo& servo = driver.servos[i];
    const MotorCalibration* motor = setup.calibration.find(servo.joint);
    if (motor == nullptr || motor->id != servo.id) {
      throw Error(fmt::format("{}: {}", name, servo.joint),
                  motor == nullptr ? "is not in the calibration"
                                   : fmt::format("has id {}, and {} in {}", motor->id, servo.id,
                                                 folder->folder.string()),
                  "it is of another arm: name this arm's with --calibration");
    }
    if (i + 1 == driver.servos.size()) {
      setup.joints.push_back(gripper_map(*folder, *motor));
      break;
    }
    const KnownPose::Joint* known = setup.pose.find(servo.joint);
    const std::string pose_name = known_pose_file(file).string();
    if (known == nullptr) {
      throw Error(fmt::format("{}: {}", pose_name, servo.joint), "is missing",
                  "run: gyre robot calibrate --only-pose");
    }
    if (role == ArmRole::kFollower && known->mirrored != servo.mirrored) {
      throw Error(
          fmt::format("{}: {}", pose_name, servo.joint),
          fmt::format("turns the other way than {} says", (folder->folder / "robot.toml").string()),
          fmt::format("set mirrored = {} there, or run: gyre robot calibrate --only-pose",
                      known->mirrored));
    }
    setup.joints.push_back(joint_map(folder->joints[i], *motor, *known, name));
  }
  return setup;
}

}  // namespace gyre::feetech
