#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/step.h"

namespace gyre {
namespace run {
class ControlLoop;
class FilteredRobot;
}  // namespace run
namespace sim {
class DisturbedRobot;
class InterferedRobot;
}  // namespace sim

enum class RobotStatus : uint8_t {
  kOk,
  kStale,  // no new state since the last read
  kFault,  // the robot does not obey: fault() says why
};

// The robot's state at one moment.
struct RobotState {
  int64_t time_ns = 0;        // when it was measured, robot clock
  std::vector<float> values;  // [S], order and units of Embodiment::state
};

// The driver's answer to one command.
struct WriteResult {
  RobotStatus status = RobotStatus::kOk;
  Reasons reasons;     // a safety filter on the way changed the command
  float residual = 0;  // metres that inverse kinematics could not reach; 0 for joint commands
};

// The border between commands and machines, simulated or real. One thread at a time calls read,
// write, hold and stop; they allocate nothing, never throw and never wait longer than the bus.
class Robot {
 public:
  virtual ~Robot() = default;
  virtual const Embodiment& embodiment() const noexcept = 0;

  // The newest state. `state.values` has [S] entries.
  virtual RobotStatus read(RobotState& state) noexcept = 0;

  // The command that the last write() really carried out, [D]: after every filter on the way.
  virtual std::span<const float> sent() const noexcept = 0;

  // The command that holds the present position, into `command` [D].
  virtual void hold(std::span<float> command) noexcept = 0;

  // Protective stop: brakes and holds, whatever was commanded before.
  virtual RobotStatus stop() noexcept = 0;

  // A person has cleared a stop: what the driver latched for a fault of its own is over, where its
  // cause is.
  virtual void clear() noexcept {}

  // The last fault in words, "" when there was none. Not for the control thread.
  virtual std::string fault() const { return ""; }

 private:
  // All that may send a command to a robot that they know as a Robot: the loop to the outermost
  // one, which is a FilteredRobot in every bench, and those that stand between it and the driver.
  // Nothing else compiles, so no command goes around the safety filter.
  friend class run::ControlLoop;
  friend class run::FilteredRobot;
  friend class CartesianRobot;
  friend class CombinedRobot;
  friend class sim::DisturbedRobot;
  friend class sim::InterferedRobot;
  friend struct TestCommands;  // robot/testing.h

  // Begins one control period's command ([D], units of Embodiment::action). A simulated robot
  // advances its clock by one control period; a real one returns at once.
  virtual WriteResult write(std::span<const float> command) noexcept = 0;
};

}  // namespace gyre
