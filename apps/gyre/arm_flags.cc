#include "arm_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/v4l2/camera.h"

namespace gyre::apps {

void add_port_flags(CLI::App& verb, ArmFlags& flags) {
  verb.add_option("--port", flags.port,
                  "a real arm's serial port, or its driver's socket; without: its folder's, or the "
                  "only port there is. Of several arms: left=FILE,right=FILE, as with "
                  "--calibration")
      ->type_name("FILE");
  verb.add_option("--calibration", flags.calibration,
                  "a real arm's calibration file; without: LeRobot's place for this robot")
      ->type_name("FILE");
  verb.add_option("--camera", flags.cameras, "a real robot's camera, such as front=/dev/video0")
      ->allow_extra_args(false)
      ->type_name("NAME=DEVICE");
  verb.add_flag("--any-firmware", flags.any_firmware,
                "drive servos of different firmwares together");
}

void add_arm_flags(CLI::App& verb, ArmFlags& flags) {
  verb.add_option("--robot", flags.robot, "a robot's name or folder")->type_name("NAME|DIR");
  add_port_flags(verb, flags);
}

void add_leader_flag(CLI::App& verb, ArmFlags& flags) {
  verb.add_flag("--leader", flags.leader,
                "the arm is a leader, which a person's hands move; its calibration has LeRobot's "
                "place for leaders");
}

void add_one_arm_flag(CLI::App& verb, ArmFlags& flags) {
  verb.add_option("--arm", flags.arm, "one arm of a robot that has several, such as left")
      ->type_name("NAME");
}

void add_at_exit_flag(CLI::App& verb, ArmFlags& flags) {
  verb.add_option("--at-exit", flags.at_exit,
                  "a real arm when nobody drives it any more: torque_off, or hold; without: its "
                  "folder's")
      ->check(CLI::IsMember({"torque_off", "hold"}));
}

std::vector<std::shared_ptr<const RobotFolder>> driven_arms(const ArmFlags& flags) {
  const std::shared_ptr<const RobotFolder> robot = RobotFolder::load(flags.robot);
  std::vector<std::shared_ptr<const RobotFolder>> arms;
  for (const RobotFolder::Arm& arm : robot->arms) arms.push_back(arm.folder);
  if (arms.empty()) arms.push_back(robot);
  for (std::shared_ptr<const RobotFolder>& arm : arms) {
    RobotFolder folder = *arm;
    if (folder.driver.kind.empty()) {
      throw Error("robot '" + flags.robot + "'", "its robot.toml has no table [driver]",
                  "--robot sim:" + flags.robot + " drives it in simulation");
    }
    using AtExit = RobotFolder::Driver::AtExit;
    if (!flags.at_exit.empty()) {
      folder.driver.at_exit = flags.at_exit == "hold" ? AtExit::kHold : AtExit::kTorqueOff;
    }
    arm = std::make_shared<const RobotFolder>(std::move(folder));
  }
  return arms;
}

std::shared_ptr<const RobotFolder> driven_folder(const ArmFlags& flags) {
  const auto arms = driven_arms(flags);
  if (arms.size() == 1) return arms.front();
  const std::shared_ptr<const RobotFolder> robot = RobotFolder::load(flags.robot);
  std::vector<std::string> names;
  for (size_t i = 0; i < arms.size(); ++i) {
    if (robot->arms[i].name == flags.arm) return arms[i];
    names.push_back(robot->arms[i].name);
  }
  throw Error(flags.arm.empty() ? "--arm" : "--arm " + flags.arm,
              fmt::format("which of {}?", fmt::join(names, ", ")));
}

std::string part_of_arm(const std::string& flag, const std::string& text, const std::string& arm) {
  std::string rest = text;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (rest.starts_with(arm + "=")) return rest.substr(arm.size() + 1, comma - arm.size() - 1);
    rest.erase(0, comma + 1);
  }
  throw Error(flag, text.empty() ? "is missing" : "does not name the arm " + arm,
              "give " + flag + " NAME=FILE,NAME=FILE");
}

ArmFlags flags_of(const ArmFlags& flags, const RobotFolder& robot, const RobotFolder& arm) {
  ArmFlags own = flags;
  for (const RobotFolder::Arm& part : robot.arms) {
    if (part.folder->name != arm.name) continue;
    own.port = flags.port.empty() && !arm.driver.port.empty()
                   ? ""
                   : part_of_arm("--port", flags.port, part.name);
    if (!flags.calibration.empty()) {
      own.calibration = part_of_arm("--calibration", flags.calibration, part.name);
    }
  }
  return own;
}

std::shared_ptr<const RobotFolder> servo_folder(const ArmFlags& flags) {
  std::shared_ptr<const RobotFolder> folder = driven_folder(flags);
  if (folder->driver.kind == "feetech") return folder;
  throw Error("robot '" + flags.robot + "'", "has a driver of its own, and no servo bus",
              "its own tools set it up");
}

std::vector<std::unique_ptr<Camera>> open_cameras(const ArmFlags& flags, const RobotFolder& folder,
                                                  int image_size, const CamerasBeside& beside) {
  std::map<std::string, CameraConfig> configs = folder.camera_configs;
  for (const std::string& flag : flags.cameras) {
    const size_t equals = flag.find('=');
    const std::string name = flag.substr(0, equals);
    if (equals == std::string::npos ||
        std::ranges::find(folder.cameras, name) == folder.cameras.end()) {
      throw Error("--camera " + flag, "names no camera of " + folder.name,
                  fmt::format("give NAME=DEVICE, where NAME is one of {}",
                              fmt::join(folder.cameras, ", ")));
    }
    configs[name].device = flag.substr(equals + 1);
  }
  const auto is_given = [&](const std::string& name) { return !configs[name].device.empty(); };
  std::map<std::string, std::unique_ptr<Camera>> others;
  for (const std::string& name : folder.cameras) {
    if (is_given(name) || !beside) continue;
    if (std::unique_ptr<Camera> camera = beside(name)) others[name] = std::move(camera);
  }
  std::vector<std::unique_ptr<Camera>> cameras;
  if (others.empty() && std::ranges::none_of(folder.cameras, is_given)) return cameras;
  for (const std::string& name : folder.cameras) {
    if (is_given(name) || others.contains(name)) continue;
    throw Error(
        "camera." + name, "has no device",
        fmt::format("give --camera {}=DEVICE; `gyre robot find-cameras` lists what there is",
                    name));
  }
  for (const CameraSpec& spec : folder.contract("joint", image_size).cameras) {
    cameras.push_back(others.contains(spec.name)
                          ? std::move(others[spec.name])
                          : std::make_unique<v4l2::V4l2Camera>(configs[spec.name], spec));
  }
  return cameras;
}

std::string arm_port(const ArmFlags& flags, const RobotFolder& folder) {
  if (!flags.port.empty()) return flags.port;
  if (!folder.driver.port.empty()) return folder.driver.port;
  if (folder.driver.kind == "process") {
    throw Error("--port", "the socket of " + folder.name + "'s driver is not told",
                "give --port SOCKET, or driver.port in robot.toml");
  }
  std::vector<std::string> ports;
  for (const auto& port : feetech::serial_ports()) ports.push_back(port.string());
  if (ports.size() == 1) return ports.front();
  throw Error("--port",
              ports.empty() ? std::string("this machine has no serial port")
                            : fmt::format("which of {}?", fmt::join(ports, ", ")),
              ports.empty() ? "plug the arm in, or name its port" : "see gyre robot find-port");
}

}  // namespace gyre::apps
