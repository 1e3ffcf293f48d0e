#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/robot/robot.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// Joint positions [J] in which a simulated arm begins: the grasp frame at its home, the tool down.
std::vector<double> home_joints(const std::shared_ptr<const RobotFolder>& robot);

// The arm of a World as a robot of the `joint` contract. A command advances the world and the clock
// by one control period; its driver goes to the joint targets in a straight line at the physics
// rate, no faster than the joints may.
class SimRobot : public Robot, public PreciseJoints {
 public:
  // Takes the arm to its home pose and lets things settle. World and clock must outlive this.
  // Throws Error when the physics breaks down.
  SimRobot(World& world, SimulatedClock& clock, const Embodiment& joint_contract);

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  RobotStatus read(RobotState& state) noexcept override;
  // Refuses, with kFault, a command of another width or one that is not finite, and holds for the
  // period instead. After a breakdown of the physics only the clock goes on.
  WriteResult write(std::span<const float> command) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  std::string fault() const override { return fault_; }

  // Positions at the beginning of the last physics step: MuJoCo's poses of bodies, which experts
  // and tasks see, are of that moment.
  void measured(std::span<double> joints) noexcept override;
  void targets(std::span<double> joints) noexcept override;
  void refine(std::span<const double> joints) noexcept override;

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  void set_controls(double part);
  void go_home();
  void carry_out();  // throws Error when the physics breaks down

  World& world_;
  SimulatedClock& clock_;
  Embodiment embodiment_;
  int steps_;                           // of physics in one control period
  std::vector<double> start_, joints_;  // [J], targets before and after the command
  double gripper_start_ = 1, gripper_ = 1;
  std::vector<double> goal_, refined_;  // [J]
  bool has_refined_ = false;
  std::vector<float> sent_;  // [J + 1]
  bool broken_ = false;
  std::string fault_;
};

}  // namespace gyre::sim
