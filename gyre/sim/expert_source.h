#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/robot/cartesian_motion.h"
#include "gyre/run/arena.h"
#include "gyre/run/command_source.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/task.h"

namespace gyre::sim {

// The parts of an open attempt that an expert works with. All must outlive it.
struct ExpertView {
  const World& world;
  SimRobot& robot;             // the innermost joint robot
  const Embodiment& contract;  // of the proposals
  const Task& task;
  uint64_t seed;
};

// Asks an expert for one motion an action period and proposes it, in equal parts, in each of the
// period's control periods.
class ExpertHand {
 public:
  explicit ExpertHand(const ExpertView& view);
  // Leaves `proposal` invalid when the expert finds nothing to act on.
  void propose(Expert& expert, const run::Tick& tick, Proposal& proposal) noexcept;
  void let_go() noexcept {
    has_motion_ = false;
    period_motion_ = {};
  }

 private:
  ExpertView view_;
  MotionToAction to_action_;
  int ticks_per_action_;
  bool has_motion_ = false;
  Motion period_motion_;                    // of the action period
  Motion motion_;                           // of one control period
  std::vector<double> measured_, targets_;  // [J]
};

// The task's expert, driving from the first period to the last.
class ExpertAlone : public run::CommandSource {
 public:
  explicit ExpertAlone(const ExpertView& view);
  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const run::Tick&) noexcept override { return true; }
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override;

 private:
  std::unique_ptr<Expert> expert_;
  ExpertHand hand_;
};

// The task's expert behind a trigger that uses only what an onlooker could see: no progress of the
// distances that the task is about (gripper to thing, thing to place) for some time, or a grasp of
// a thing that the task does not name. It corrects for a stretch, then gives control back.
class WatchingExpert : public run::CommandSource {
 public:
  WatchingExpert(const run::HelpConfig& config, const ExpertView& view);
  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const run::Tick& tick) noexcept override;
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override;

 private:
  bool decide();
  double distance_to_go() const;
  void watch(double now);
  bool wrong_thing_grasped() const;

  run::HelpConfig config_;
  ExpertView view_;
  ExpertHand hand_;
  std::unique_ptr<Expert> expert_;  // while it has control
  double hands_off_s_ = 0;
  int times_helped_ = 0;
  std::optional<double> best_;  // smallest distance to go since the watch began
  int subtask_ = 0;
  double progress_s_ = 0;  // when it last became smaller
};

}  // namespace gyre::sim
