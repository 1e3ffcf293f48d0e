#include "hands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/robot/evdev/device.h"
#include "gyre/robot/feetech/leader.h"
#include "gyre/robot/feetech/serial_port.h"

namespace gyre::apps {
namespace {

constexpr char kEngageKey = 'l';

std::unique_ptr<LeaderArm> open_leader(const std::shared_ptr<const RobotFolder>& folder,
                                       const std::string& port, const std::string& calibration,
                                       bool any_firmware) {
  if (port.empty()) {
    std::vector<std::string> ports;
    for (const auto& found : feetech::serial_ports()) ports.push_back(found.string());
    throw Error("leader", "has no port",
                fmt::format("give leader:PORT; there {} {}", ports.empty() ? "is" : "are",
                            ports.empty() ? "none" : fmt::format("{}", fmt::join(ports, ", "))));
  }
  const auto role = feetech::ArmRole::kLeader;
  feetech::ArmSetup setup =
      feetech::arm_setup(folder, feetech::calibration_file(*folder, calibration, role), role);
  return std::make_unique<feetech::Leader>(std::move(setup), port, any_firmware);
}

std::unique_ptr<LeaderArm> open_leaders(const std::shared_ptr<const RobotFolder>& robot,
                                        const std::string& ports, const HandFlags& flags,
                                        bool any_firmware) {
  const std::string& calibrations = flags.leader_calibration;
  if (robot->arms.empty()) return open_leader(robot, ports, calibrations, any_firmware);
  std::vector<CombinedLeader::Part> parts;
  for (const RobotFolder::Arm& arm : robot->arms) {
    const std::string calibration =
        calibrations.empty() ? "" : part_of_arm("--leader-calibration", calibrations, arm.name);
    parts.push_back({open_leader(arm.folder, part_of_arm("leader:", ports, arm.name), calibration,
                                 any_firmware),
                     arm.folder->joints.size() + 1});
  }
  return std::make_unique<CombinedLeader>(std::move(parts));
}

void tell_line(const std::string& line) { fmt::print(stderr, "\n{}\n", line); }

}  // namespace

void add_hand_flags(CLI::App& verb, HandFlags& flags, const std::string& flag,
                    const std::string& more) {
  verb.add_option(flag, flags.device,
                  "a person's hands on this machine: a leader arm, a gamepad, a keyboard, or the "
                  "terminal's keys. A gamepad's shoulder button and a keyboard's space bar are "
                  "their dead-man controls")
      ->type_name("leader:PORT|gamepad|keyboard[:DEVICE]|keys" + more);
  verb.add_option("--leader-calibration", flags.leader_calibration,
                  "a leader's calibration file; without: LeRobot's place for leaders")
      ->type_name("FILE");
}

Hands::Hands(const HandFlags& flags, const std::string& robot, bool any_firmware) {
  const size_t colon = flags.device.find(':');
  const std::string kind = flags.device.substr(0, colon);
  const std::string path = colon == std::string::npos ? "" : flags.device.substr(colon + 1);
  if (kind == "leader") {
    folder_ = RobotFolder::load(robot);
    leader_ = open_leaders(folder_, path, flags, any_firmware);
  } else if (kind == "keys" && path.empty()) {
    auto keys = std::make_unique<run::KeyHands>(clock_);
    keys_ = keys.get();
    device_ = std::move(keys);
  } else if (kind == "gamepad" || kind == "keyboard") {
    const auto sort = kind == "gamepad" ? evdev::Kind::kGamepad : evdev::Kind::kKeyboard;
    device_ = evdev::open_hands(sort, path);
  } else {
    throw Error("hands '" + flags.device + "'", "are unknown",
                "give leader:PORT, gamepad, keyboard, keys, or gamepad:/dev/input/by-id/...");
  }
}

void Hands::begin(const Embodiment& contract, run::Operator& operations, bool engaged,
                  bool restarts) {
  if (leader_) {
    leader_pilot_.emplace(std::move(leader_), folder_, contract, operations, tell_line);
    leader_pilot_->engage(engaged);
    if (restarts) leader_pilot_->robot_restarts();
    leader_pilot_->begin();
  } else {
    pilot_.emplace(std::move(device_), contract, operations,
                   [](const std::string& line) { tell_line(line); });
    pilot_->begin();
  }
}

void Hands::end() {
  pilot_.reset();
  leader_pilot_.reset();
  keys_ = nullptr;
}

bool Hands::press(char key) {
  if (keys_ != nullptr) return keys_->press(key);
  if (!leader_pilot_ || key != kEngageKey) return false;
  leader_pilot_->engage(!leader_pilot_->engaged());
  return true;
}

void Hands::engage(bool engaged) {
  if (leader_pilot_) leader_pilot_->engage(engaged);
}

std::string Hands::help() const {
  if (keys_ != nullptr) return fmt::format("{}; orders with Shift", run::KeyHands::kHelp);
  return leader_pilot_ || leader_ ? "l the robot follows the leader, or no more" : "";
}

std::string Hands::words() const { return leader_pilot_ ? leader_pilot_->words() : ""; }

std::string robot_for_hands(const std::string& robot, const HandFlags& flags) {
  std::filesystem::path path(robot);
  if (!path.has_filename()) path = path.parent_path();
  const bool complete = path.filename() == "ee" || path.filename() == "joint";
  return complete || !flags.leads() ? robot : (path / "joint").string();
}

}  // namespace gyre::apps
