#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/arena.h"
#include "gyre/run/filtered_robot.h"

namespace gyre::run {

// A real robot on its table. Nobody but a person judges or resets: an episode ends by a person's
// verdict. Commands pass the same filters as a simulated robot's.
class RealBench : public Bench {
 public:
  struct Options {
    std::string space = "joint";  // or "ee"
    std::string words;            // the task
    bool box = true;  // keep the workspace box. Without it an arm that lies outside of it can be
                      // moved joint by joint
  };
  // `arms` are the drivers, each under the joint contract of its folder: the robot's own, or those
  // of its several arms in their order. Throws Error for a robot of several arms in another space
  // than "joint".
  RealBench(const std::shared_ptr<const RobotFolder>& folder,
            std::vector<std::unique_ptr<Robot>> arms, std::vector<std::unique_ptr<Camera>> cameras,
            const Options& options);

  // Between episodes: the next one's attempt, whose words are its goal.
  void prepare(const Attempt& attempt);

  const Attempt& attempt() const override { return attempt_; }
  Robot& robot() override { return *robot_; }
  std::span<Camera* const> cameras() override { return camera_pointers_; }
  Clock& clock() override { return clock_; }
  GoalPtr goal() const override { return goal_; }
  Judge& judge() override { return judge_; }
  int64_t time_limit_ticks() const override;
  std::unique_ptr<CommandSource> expert() override { return nullptr; }
  std::unique_ptr<CommandSource> helper(const HelpConfig&) override { return nullptr; }
  std::string save() const override { return ""; }
  void restore(std::string_view state) override;  // throws Error: the world has no saved states
  std::vector<Image> portrait(int) override { return {}; }
  ScenePtr scene(bool) override { return nullptr; }

 private:
  // A person's verdict comes as an order of theirs.
  class NoJudge : public Judge {
   public:
    void after(const Step&, EventSink&) override {}
    bool done() const override { return false; }
    bool success() const override { return false; }
    int subtasks_done() const override { return 0; }
    int subtasks() const override { return 0; }
  };

  void combine(const RobotFolder& folder, std::vector<std::unique_ptr<Robot>> arms);

  Attempt attempt_;
  SteadyClock clock_;
  std::unique_ptr<Robot> robot_;
  std::vector<std::unique_ptr<Camera>> cameras_;
  std::vector<Camera*> camera_pointers_;
  GoalPtr goal_;
  NoJudge judge_;
};

}  // namespace gyre::run
