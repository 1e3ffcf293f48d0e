#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "gyre/core/clock.h"
#include "gyre/core/embodiment.h"
#include "gyre/robot/hand_device.h"
#include "gyre/robot/leader.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/hand_pilot.h"
#include "gyre/run/key_hands.h"
#include "gyre/run/leader_pilot.h"

namespace gyre::apps {

// A device of hands on this machine, as flags.
struct HandFlags {
  std::string device;  // "gamepad", "keyboard:/dev/...", "leader:PORT", "keys"; "": none
  std::string leader_calibration;

  bool leads() const { return device.starts_with("leader"); }
};
// `flag`: "--hands" or "--operator"; `more`: what it takes beside hands, such as "|console".
void add_hand_flags(CLI::App& verb, HandFlags& flags, const std::string& flag,
                    const std::string& more = "");

// A person's hands on a device of this machine: a gamepad, a keyboard, the terminal's keys, or a
// leader arm of the robot's kind.
class Hands {
 public:
  // Opens the device; `robot` is the name or folder of the robot's arm. Throws Error.
  Hands(const HandFlags& flags, const std::string& robot, bool any_firmware);

  // Lets the hands drive until end(). A leader begins engaged or not; `restarts`: each episode has
  // a start pose.
  void begin(const Embodiment& contract, run::Operator& operations, bool engaged, bool restarts);
  void end();

  // A key of the terminal. False for one that is not the hands'.
  bool press(char key);
  void engage(bool engaged);  // of a leader
  bool takes_letters() const { return keys_ != nullptr; }
  std::string help() const;   // keys, for the person; "" where there are none
  std::string words() const;  // for the status line

 private:
  SteadyClock clock_;
  std::shared_ptr<const RobotFolder> folder_;
  std::unique_ptr<HandDevice> device_;  // until begin()
  std::unique_ptr<LeaderArm> leader_;   // until begin()
  run::KeyHands* keys_ = nullptr;
  std::optional<run::HandPilot> pilot_;
  std::optional<run::LeaderPilot> leader_pilot_;
};

// The robot's name with the space that suits the hands: a leader leads joints where the name leaves
// the space open.
std::string robot_for_hands(const std::string& robot, const HandFlags& flags);

}  // namespace gyre::apps
