#pragma once

#include <memory>
#include <vector>

#include "gyre/robot/process/link.h"
#include "gyre/robot/robot.h"

namespace gyre::process {

// A robot whose driver is a process of its own, under the contract "<name>/joint".
class ProcessRobot : public Robot {
 public:
  struct Options {
    double control_period_s = 0.01;
    bool with_cameras = false;  // in its contract
  };
  ProcessRobot(std::shared_ptr<Link> link, const Options& options);

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  RobotStatus read(RobotState& state) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  // The last command; the robot's position while it is not driven.
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  void clear() noexcept override;
  std::string fault() const override { return link_->fault(); }

 private:
  WriteResult write(std::span<const float> command) noexcept override;
  void take_position() noexcept;  // into sent_

  std::shared_ptr<Link> link_;
  Embodiment embodiment_;
  std::vector<float> sent_;
  int64_t read_ns_ = -1;  // of the state that the last read() gave
};

}  // namespace gyre::process
