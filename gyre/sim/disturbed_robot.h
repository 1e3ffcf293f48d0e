#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/robot/cartesian_motion.h"
#include "gyre/robot/robot.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// Disturbs what a robot does, drawn from one seed: smooth noise on each executed motion, and at
// most one larger shift of the hand and one push of an object. The command that the loop sends and
// records stays clean, so that demonstrations show how to recover.
class DisturbedRobot : public Robot {
 public:
  // A robot of the `ee` or the `joint` contract in `world`, which must outlive this.
  DisturbedRobot(std::unique_ptr<Robot> robot, World& world,
                 const std::shared_ptr<const RobotFolder>& folder, uint64_t seed);

  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  WriteResult write(std::span<const float> command) noexcept override;
  // The command that came in, without the disturbance.
  std::span<const float> sent() const noexcept override { return clean_; }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }
  std::string fault() const override { return inner_->fault(); }

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  void draw() noexcept;  // the next action period's disturbance
  void push_something() noexcept;
  void move_joints() noexcept;  // adds the disturbance to `command_`

  std::unique_ptr<Robot> inner_;
  World& world_;
  std::vector<std::string> objects_;
  Kinematics kinematics_;
  bool joint_space_;
  int ticks_per_action_;
  Rng rng_;
  bool strong_noise_;
  int64_t shift_at_, push_at_;          // action periods; -1: never
  int64_t tick_ = 0;                    // control periods so far
  Vec3 noise_{};                        // metres in one action period
  Vec3 translation_{};                  // the disturbance of one control period, metres
  double yaw_ = 0;                      // and about the vertical, radians
  std::vector<float> clean_, command_;  // [D]
  std::vector<double> joints_;          // [J]
};

}  // namespace gyre::sim
