#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/feetech/calibration.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::feetech {

// Between a servo's ticks (present position) and a field of the contract: radians, or the gripper's
// opening 0 .. 1.
struct JointMap {
  std::string name;
  uint8_t id = 0;
  bool gripper = false;
  double zero_tick = 0;            // where the value is 0
  double per_tick = 0;             // change of the value with one tick
  int tick_min = 0, tick_max = 0;  // commands stay within: calibrated range and contract
  double max_ticks_s = 0;

  double value(double tick) const noexcept { return (tick - zero_tick) * per_tick; }
  double tick(double value) const noexcept { return zero_tick + value / per_tick; }
};

// An arm before it is connected: its folder, its calibration, and what follows from both.
struct ArmSetup {
  std::shared_ptr<const RobotFolder> folder;
  std::filesystem::path file;  // of the calibration
  Calibration calibration;
  KnownPose pose;
  std::vector<JointMap> joints;  // in the contract's order, the gripper last
};

// The calibration file of the folder's arm: `given`, else the folder's own (of a follower), else
// LeRobot's place for an arm of the folder's name.
std::filesystem::path calibration_file(const RobotFolder& folder, const std::string& given,
                                       ArmRole role = ArmRole::kFollower);

// Reads calibration and known pose. Throws Error: no driver, a calibration of another arm (other
// motors or ids), joints that the hand found mirrored, a range that crossed the encoder's seam, a
// range outside of the contract's. A leader's joints may be mirrored: its pose says so.
ArmSetup arm_setup(const std::shared_ptr<const RobotFolder>& folder,
                   const std::filesystem::path& file, ArmRole role = ArmRole::kFollower);

}  // namespace gyre::feetech
