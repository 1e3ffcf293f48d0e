#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/run/arena.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/disturbed_robot.h"
#include "gyre/sim/interfered_robot.h"
#include "gyre/sim/judge.h"
#include "gyre/sim/sim_camera.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/suite.h"

namespace gyre::sim {

// One attempt in the simulated kitchen.
class KitchenBench : public run::Bench {
 public:
  // `attempt.instruction` may be empty: one of the task's is drawn by the seed. `space` is "ee" or
  // "joint".
  KitchenBench(const run::Attempt& attempt, const run::BenchOptions& options, TaskPtr task,
               std::shared_ptr<const RobotFolder> folder, const std::string& space,
               const WrapJointRobot& wrap);

  const run::Attempt& attempt() const override { return attempt_; }
  Robot& robot() override { return *robot_; }
  // Throws Error when nothing can be drawn.
  std::span<Camera* const> cameras() override;
  Clock& clock() override { return clock_; }
  GoalPtr goal() const override { return goal_; }
  run::Judge& judge() override { return *judge_; }
  int64_t time_limit_ticks() const override { return limit_ticks_; }
  std::unique_ptr<run::CommandSource> expert() override;
  std::unique_ptr<run::CommandSource> helper(const run::HelpConfig& config) override;
  // Experts that were handed out, and what `wrap` put in, are not part of it.
  std::string save() const override;
  void restore(std::string_view state) override;
  std::vector<Image> portrait(int size) override;
  ScenePtr scene(bool shapes) override;

  const World& world() const { return world_; }

 private:
  void add_filter(std::unique_ptr<run::WorkspaceCheck> check);

  run::Attempt attempt_;
  TaskPtr task_;
  std::shared_ptr<const RobotFolder> folder_;
  Embodiment contract_;
  World world_;
  SimulatedClock clock_;
  std::unique_ptr<Robot> robot_;
  SimRobot* joint_robot_ = nullptr;  // the innermost part of robot_
  std::vector<run::FilteredRobot*> filters_;
  CartesianRobot* cartesian_ = nullptr;    // null in joint space
  DisturbedRobot* disturbed_ = nullptr;    // null without disturbances
  InterferedRobot* interfered_ = nullptr;  // null where the task is not disturbed
  int64_t limit_ticks_ = 0;
  std::vector<std::unique_ptr<SimCamera>> sim_cameras_;
  std::vector<Camera*> cameras_;
  GoalPtr goal_;
  std::unique_ptr<SimJudge> judge_;
};

}  // namespace gyre::sim
