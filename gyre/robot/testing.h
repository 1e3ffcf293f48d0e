#pragma once

#include <algorithm>
#include <vector>

#include "gyre/robot/robot.h"

// What the tests of robots share.
namespace gyre {

// A test's way to command a robot without a control loop.
struct TestCommands {
  static WriteResult write(Robot& robot, std::span<const float> command) noexcept {
    return robot.write(command);
  }
};
inline WriteResult write_command(Robot& robot, std::span<const float> values) noexcept {
  return TestCommands::write(robot, values);
}

// A joint robot that is always where it was commanded, with positions as floats.
class PerfectJoints : public Robot {
 public:
  PerfectJoints(Embodiment contract, std::vector<float> at)
      : contract_(std::move(contract)), at_(std::move(at)), sent_(at_) {}
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = 7;
    std::ranges::copy(at_, state.values.begin());
    return RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    std::ranges::copy(command, at_.begin());
    std::ranges::copy(command, sent_.begin());
    ++writes_;
    return {.reasons = Reason::kVelocity};
  }
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override { std::ranges::copy(at_, command.begin()); }
  RobotStatus stop() noexcept override { return RobotStatus::kOk; }
  int writes() const { return writes_; }

 private:
  Embodiment contract_;
  std::vector<float> at_, sent_;
  int writes_ = 0;
};

}  // namespace gyre
