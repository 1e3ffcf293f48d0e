#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/camera.h"
#include "gyre/robot/feetech/calibration.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::apps {

// A real arm, as flags.
struct ArmFlags {
  std::string robot = "so101";    // name or folder
  std::string arm;                // of several; "left"
  std::string port, calibration;  // of several arms "left=...,right=..."
  std::string at_exit;            // "": the folder's
  bool any_firmware = false;
  bool leader = false;               // the arm that a person's hands move
  std::vector<std::string> cameras;  // "front=/dev/..."

  feetech::ArmRole role() const {
    return leader ? feetech::ArmRole::kLeader : feetech::ArmRole::kFollower;
  }
};
void add_arm_flags(CLI::App& verb, ArmFlags& flags);
// Without --robot, for a verb that has its own; --at-exit for one that drives.
void add_port_flags(CLI::App& verb, ArmFlags& flags);

void add_leader_flag(CLI::App& verb, ArmFlags& flags);
// For a verb that is about one arm.
void add_one_arm_flag(CLI::App& verb, ArmFlags& flags);
void add_at_exit_flag(CLI::App& verb, ArmFlags& flags);

// The folders of the robot's arms, mostly one, with --at-exit in place of their own promise. Throws
// Error where one has no driver.
std::vector<std::shared_ptr<const RobotFolder>> driven_arms(const ArmFlags& flags);
// The only one, or that of --arm. Throws Error where there are several.
std::shared_ptr<const RobotFolder> driven_folder(const ArmFlags& flags);
// The same for a robot on a servo bus. Throws Error where another process drives it.
std::shared_ptr<const RobotFolder> servo_folder(const ArmFlags& flags);
// The flags of one arm of a robot. Throws Error for several arms whose flags do not name each.
ArmFlags flags_of(const ArmFlags& flags, const RobotFolder& robot, const RobotFolder& arm);
// "left=/dev/a,right=/dev/b" for the arm of this name. Throws Error naming `flag` where it is not
// named.
std::string part_of_arm(const std::string& flag, const std::string& text, const std::string& arm);

// The camera of each of the folder's names, opened, with pictures of `image_size` pixels; none
// where neither the folder nor a flag gives any a device. `beside` gives cameras without a device,
// null for one that it does not have. Throws Error for one that has none beside others, and for one
// that cannot be opened.
using CamerasBeside = std::function<std::unique_ptr<Camera>(const std::string& name)>;
std::vector<std::unique_ptr<Camera>> open_cameras(const ArmFlags& flags, const RobotFolder& folder,
                                                  int image_size, const CamerasBeside& beside = {});

// The port that was given, the folder's, or the only one that there is; of a robot that another
// process drives the socket. Throws Error otherwise.
std::string arm_port(const ArmFlags& flags, const RobotFolder& folder);

}  // namespace gyre::apps
