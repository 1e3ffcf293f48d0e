#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/robot.h"
#include "gyre/sim/task.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// One of the four simulated embodiments. A command advances the world by one period: the driver
// turns end-effector deltas into joint targets by inverse kinematics and interpolates them to the
// physics rate.
class SimRobot : public Robot {
 public:
  SimRobot(const Embodiment& embodiment, const SceneLayout& layout, uint64_t seed);
  ~SimRobot() override;

  const Embodiment& embodiment() const override { return embodiment_; }
  Observation observe(bool pictures = true) override;
  CommandResult command(std::span<const float> action) override;
  std::vector<float> hold_action() override;

  World& world() { return world_; }
  const World& world() const { return world_; }

  std::vector<float> state() const;
  // The same motion as an action of this embodiment.
  std::vector<float> action_for(const ExpertMove& move);

 private:
  struct Driver;
  CommandResult carry_out(std::span<const float> action);  // throws Error when physics breaks down
  bool joint_space() const { return embodiment_.action.size() == embodiment_.state.size(); }

  Embodiment embodiment_;
  World world_;
  std::unique_ptr<Driver> driver_;
};

}  // namespace gyre::sim
