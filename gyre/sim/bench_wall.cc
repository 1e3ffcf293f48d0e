#include "gyre/sim/bench_wall.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/sim/drawn_scene.h"

namespace gyre::sim {
namespace {

constexpr double kPhysicsStep = 0.002;  // of the kitchen, seconds

bool whole(double ratio) { return std::abs(ratio - std::round(ratio)) < 1e-9; }

void require_period(double control_s, double action_s) {
  if (control_s >= 0.001 && whole(action_s / control_s)) return;
  throw Error(
      "control period",
      fmt::format("{} s is not a whole part of the action period {} s", control_s, action_s),
      "give 50, 100, 200, 250, 500 or 1000 periods a second");
}

// Physics goes in whole steps of its own, no longer than a control period where that can be. A loop
// that is faster than these sees each state more than once.
Embodiment physics_contract(Embodiment contract) {
  auto steps = static_cast<int>(std::floor(contract.tick_s() / kPhysicsStep + 1e-9));
  while (steps > 1 && !whole(contract.action_period_s / (steps * kPhysicsStep))) --steps;
  contract.control_period_s = std::max(1, steps) * kPhysicsStep;
  return contract;
}

}  // namespace

void WallJudge::restart(int64_t limit_ticks) {
  const std::lock_guard lock(mutex_);
  limit_ticks_ = limit_ticks;
  ticks_ = 0;
  waits_ = true;
  over_ = success_ = false;
}

void WallJudge::after(const Step& step, run::EventSink& events) {
  const std::lock_guard lock(mutex_);
  waits_ = waits_ && step.index > last_index_;
  last_index_ = step.index;
  if (waits_ || over_) return;
  const bool counts = step.mode == Mode::kPolicy || step.mode == Mode::kFallback;
  if (counts) ++ticks_;
  const bool success = kitchen_.success();
  if (!success && ticks_ < limit_ticks_) return;
  const event::Outcome outcome = success ? event::Outcome::kSuccess : event::Outcome::kFailure;
  const char* reason = success ? "" : "the time is up";
  success_ = success;
  over_ = events.post(
      {.time_ns = clock_.now_ns(), .author = "judge", .body = event::Verdict{-1, outcome, reason}});
}

WallBench::WallBench(const run::Attempt& attempt, const Options& options) : options_(options) {
  const auto [name, space] = split_embodiment(attempt.embodiment);
  folder_ = one_arm(RobotFolder::load(name));
  Embodiment joints = folder_->contract("joint", options.image_size);
  joints.control_period_s = options.control_period_s;
  require_period(joints.tick_s(), joints.action_period_s);
  const TaskPtr task = find_task(attempt.task);
  kitchen_ = std::make_unique<WallKitchen>(folder_, physics_contract(joints),
                                           WallKitchen::Scene{task, attempt.seed}, options.watch);
  robot_ = std::make_unique<WallRobot>(*kitchen_, joints);
  add_filter(std::make_unique<run::GraspFrameCheck>(folder_));
  if (space == "ee") {
    robot_ = std::make_unique<CartesianRobot>(std::move(robot_), folder_);
    add_filter(nullptr);
  }
  for (size_t c = 0; c < joints.cameras.size(); ++c) {
    wall_cameras_.push_back(std::make_unique<WallCamera>(*kitchen_, c, joints.cameras[c]));
    cameras_.push_back(wall_cameras_.back().get());
  }
  judge_ = std::make_unique<WallJudge>(*kitchen_, clock_);
  take_over(attempt, *task);
}

void WallBench::add_filter(std::unique_ptr<run::WorkspaceCheck> check) {
  auto filtered = std::make_unique<run::FilteredRobot>(std::move(robot_), std::move(check));
  filters_.push_back(filtered.get());
  robot_ = std::move(filtered);
}

void WallBench::restart(const run::Attempt& attempt) {
  if (attempt.embodiment != attempt_.embodiment) {
    throw Error("kitchen", "has the robot " + attempt_.embodiment + ", not " + attempt.embodiment,
                "open another bench");
  }
  const TaskPtr task = find_task(attempt.task);
  kitchen_->restart({task, attempt.seed});
  take_over(attempt, *task);
}

// The arm stands at its home, wherever it was before: nothing on the way remembers that.
void WallBench::take_over(const run::Attempt& attempt, const Task& task) {
  attempt_ = attempt;
  if (attempt_.instruction.empty()) {
    attempt_.instruction = drawn_instruction(task, attempt.seed);
  }
  goal_ = std::make_shared<const Goal>(
      Goal{.task = attempt_.instruction, .author = "task", .time_ns = clock_.now_ns()});
  const Embodiment& contract = robot_->embodiment();
  limit_ticks_ =
      static_cast<int64_t>(std::ceil(options_.more_time * task.time_limit_s() / contract.tick_s()));
  judge_->restart(limit_ticks_);
  RobotState state;
  state.values.resize(contract.state.size());
  robot_->read(state);
  robot_->stop();  // takes the pose that was read for the one to hold
  for (run::FilteredRobot* filter : filters_) {
    std::vector<float> hold(filter->embodiment().action.size());
    filter->hold(hold);
    filter->filter().reset(hold);
  }
}

void WallBench::restore(std::string_view) {
  throw Error("kitchen", "restores no saved state while it runs by the wall clock",
              "use `gyre sim` without --fleet, or an arena of the lock-step kitchen");
}

}  // namespace gyre::sim
