#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/run/arena.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/sim/wall_robot.h"

namespace gyre::sim {

// Judges by the kitchen's success test and by the policy's time: pauses, stops and the time of a
// person who drives do not count. It posts one Verdict a scene. For the thread of a sink.
class WallJudge : public run::Judge {
 public:
  WallJudge(const WallKitchen& kitchen, const Clock& clock) : kitchen_(kitchen), clock_(clock) {}

  // A new scene with its time limit in control periods. Steps of the scene before it may still
  // come: counting begins with the first step of the next span.
  void restart(int64_t limit_ticks);

  void after(const Step& step, run::EventSink& events) override;
  bool done() const override { return over_.load(); }
  bool success() const override { return success_.load(); }
  int subtasks_done() const override { return kitchen_.subtasks_done(); }
  int subtasks() const override { return kitchen_.subtasks(); }

 private:
  const WallKitchen& kitchen_;
  const Clock& clock_;
  std::mutex mutex_;  // of the next four
  int64_t limit_ticks_ = 0;
  int64_t ticks_ = 0;       // of the policy
  int64_t last_index_ = 0;  // of the steps so far
  bool waits_ = false;      // for the next span
  std::atomic<bool> over_{false}, success_{false};
};

// The simulated kitchen by the wall clock: what a control loop sees of it is what it would see of a
// real arm, and the commands pass the same filters. One scene after another with the same robot.
class WallBench : public run::Bench {
 public:
  struct Options {
    int image_size = 64;             // pixels of a camera's side
    double control_period_s = 0.01;  // a whole part of the action period, 0.001 or more
    double more_time = 1;            // factor on the task's time limit
    WatchWorld watch = {};           // may be empty
  };

  // Throws Error for what cannot be built, and for a control period that does not fit.
  WallBench(const run::Attempt& attempt, const Options& options);

  // The next scene; waits until it stands, the arm at its home. Throws Error where it cannot be
  // built. Not while a control loop runs.
  void restart(const run::Attempt& attempt);

  const run::Attempt& attempt() const override { return attempt_; }
  Robot& robot() override { return *robot_; }
  std::span<Camera* const> cameras() override { return cameras_; }
  Clock& clock() override { return clock_; }
  GoalPtr goal() const override { return goal_; }
  WallJudge& judge() override { return *judge_; }
  int64_t time_limit_ticks() const override { return limit_ticks_; }
  // Experts, saved states and portraits are the lock-step kitchen's: none of these here.
  std::unique_ptr<run::CommandSource> expert() override { return nullptr; }
  std::unique_ptr<run::CommandSource> helper(const run::HelpConfig&) override { return nullptr; }
  std::string save() const override { return ""; }
  void restore(std::string_view state) override;
  std::vector<Image> portrait(int) override { return {}; }
  ScenePtr scene(bool shapes) override { return kitchen_->scene(shapes); }

  const WallKitchen& kitchen() const { return *kitchen_; }

 private:
  void add_filter(std::unique_ptr<run::WorkspaceCheck> check);
  void take_over(const run::Attempt& attempt, const Task& task);

  run::Attempt attempt_;
  Options options_;
  SteadyClock clock_;
  std::shared_ptr<const RobotFolder> folder_;
  std::unique_ptr<WallKitchen> kitchen_;
  std::unique_ptr<Robot> robot_;
  std::vector<run::FilteredRobot*> filters_;  // innermost first
  std::vector<std::unique_ptr<WallCamera>> wall_cameras_;
  std::vector<Camera*> cameras_;
  GoalPtr goal_;
  std::unique_ptr<WallJudge> judge_;
  int64_t limit_ticks_ = 0;
};

}  // namespace gyre::sim
