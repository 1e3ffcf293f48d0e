#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/robot/robot.h"
#include "gyre/sim/task.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

class StateReader;
class StateWriter;

// Disturbs a put-task once an attempt, at a moment of the work itself and drawn from one seed, so
// that two policies meet the same disturbance when they come as far. Lengths are the panda's, times
// the scene's scale. The command that the loop sends and records stays the policy's.
class InterferedRobot : public Robot {
 public:
  // A robot of the `ee` or the `joint` contract in `world`, which must outlive this. `task` names
  // an object and a place.
  InterferedRobot(std::unique_ptr<Robot> robot, World& world, const Task& task, uint64_t seed);

  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  WriteResult write(std::span<const float> command) noexcept override;
  // The command that came in, without the disturbance.
  std::span<const float> sent() const noexcept override { return clean_; }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }
  std::string fault() const override { return inner_->fault(); }

  bool happened() const { return memory_.happened; }

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  struct Memory {
    Rng rng;
    double share;  // of the way from where the object stood to its place that is left
    Vec3 stood{};  // last place of the object while free, metres
    bool happened = false;
    int64_t open_ticks = 0;  // control periods that the gripper is still forced open
  };

  void look();
  bool carried_far_enough() const;
  bool about_to_grasp() const;
  std::optional<Vec3> free_spot();
  void set_down(bool upright);

  std::unique_ptr<Robot> inner_;
  World& world_;
  Disturbance disturbance_;
  std::string object_, place_;
  size_t gripper_ = 0;  // field of an action
  Memory memory_;
  std::vector<float> clean_, command_;  // [D]
};

}  // namespace gyre::sim
