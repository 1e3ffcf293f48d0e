#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/robot/robot.h"

namespace gyre {

// Several joint robots as one: the fields of each, one after the other. The state is as old as the
// oldest of theirs, and one that is at fault is the whole's fault. Allocates nothing in read, write
// and hold.
class CombinedRobot : public Robot {
 public:
  // `contract` has the fields of `parts` in their order, and their control period. Throws Error
  // where it has not.
  CombinedRobot(Embodiment contract, std::vector<std::unique_ptr<Robot>> parts);

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  RobotStatus read(RobotState& state) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  void clear() noexcept override;
  std::string fault() const override;

 private:
  struct Part {
    std::unique_ptr<Robot> robot;
    RobotState state;
    size_t width = 0;  // of its command
  };
  WriteResult write(std::span<const float> command) noexcept override;

  Embodiment embodiment_;
  std::vector<Part> parts_;
  std::vector<float> sent_;  // [D]
};

}  // namespace gyre
