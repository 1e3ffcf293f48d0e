#include "gyre/robot/fake/arm.h"

#include <filesystem>

namespace gyre::fake {

feetech::ArmSetup played_arm(const std::string& folder, Bus& bus) {
  const auto robot = RobotFolder::load("so101");
  feetech::Calibration calibration;
  feetech::KnownPose pose;
  bus.servos = so101_servos();
  for (size_t i = 0; i < bus.servos.size(); ++i) {
    Servo& servo = bus.servos[i];
    const RobotFolder::Driver::Servo& about = robot->driver.servos[i];
    const bool whole = about.joint == "wrist_roll";
    const feetech::MotorCalibration motor{.motor = about.joint,
                                          .id = about.id,
                                          .homing_offset = static_cast<int>(10 * i) - 30,
                                          .range_min = whole ? 0 : 900,
                                          .range_max = whole ? 4095 : 3200};
    servo.set(feetech::Reg::kHomingOffset, motor.homing_offset);
    servo.set(feetech::Reg::kMinPosition, motor.range_min);
    servo.set(feetech::Reg::kMaxPosition, motor.range_max);
    calibration.motors.push_back(motor);
    if (about.joint != "gripper") {
      pose.joints.push_back({about.joint, 2048 + motor.homing_offset, 0, about.mirrored});
    }
  }
  const std::filesystem::path file = std::filesystem::path(folder) / "arm.json";
  calibration.save(file);
  pose.save(feetech::known_pose_file(file));
  return feetech::arm_setup(robot, file);
}

}  // namespace gyre::fake
