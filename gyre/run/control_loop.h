#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/record.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/robot.h"
#include "gyre/run/arbiter.h"
#include "gyre/run/command_source.h"
#include "gyre/run/freshness.h"
#include "gyre/run/goal_box.h"
#include "gyre/run/loop_config.h"
#include "gyre/run/monitor.h"
#include "gyre/run/nudge.h"
#include "gyre/run/policy_source.h"
#include "gyre/run/tape.h"

namespace gyre::run {

struct Outcome {
  int64_t ticks = 0;       // control periods
  int64_t held_ticks = 0;  // of them without an action of the policy's, after its first one
  int64_t dropped_chunks = 0;
  int64_t failed_inferences = 0;
  Words failure;         // of the first failed inference
  bool faulted = false;  // the robot refused a command or reported a fault; it was stopped
};

// One robot, one loop at its control period: events, sense, propose, choose, command, record. With
// a simulated clock it runs as fast as it can and is a function of seeds alone; with a real one it
// keeps the beat, and waits, locks and allocates nothing in a tick.
class ControlLoop {
 public:
  // All references must outlive the loop. `cameras` in the contract's order; `policy` may be null.
  ControlLoop(Robot& robot, std::span<Camera* const> cameras, Clock& clock, Tape& tape,
              PolicySource* policy, const LoopConfig& config);

  // Sources are asked in the order in which they were added; the first that wants control drives.
  void add_source(CommandSource& source) { sources_.push_back(&source); }
  // Run inside the tick, in this order: for simulated time, or without a lock and an allocation.
  void add_monitor(Monitor& monitor) { monitors_.push_back(&monitor); }
  // New goals in the middle of a span come from here. `goals` must outlive the loop.
  void set_goals(GoalBox& goals) { goals_ = &goals; }
  // Offsets that people add to the policy's commands. `nudges` must outlive the loop.
  void set_nudges(NudgeOffset& nudges) { nudges_ = &nudges; }

  // One span of the tape: writes `header` and `goal` on it, then runs until `done` or `max_ticks`.
  // `done` is asked after each command. Never throws for what happens on the robot's side.
  // `broken_off` (may be empty) is asked at the end: true leaves the episode without its end, as a
  // kill would.
  Outcome run(const HeaderPtr& header, const GoalPtr& goal, uint64_t noise_seed, int64_t max_ticks,
              const std::function<bool()>& done, const std::function<bool()>& broken_off = {});

  const Arbiter& arbiter() const { return arbiter_; }
  // Before run(): the robot holds still until somebody orders kResume.
  void begin_paused() { arbiter_.handle(event::Order::kPause); }

 private:
  void begin_tick(int64_t index) noexcept;
  void clock_ran_back() noexcept;
  void take_events() noexcept;
  void take_goals() noexcept;
  void set_goal(const GoalPtr& goal) noexcept;
  void sense() noexcept;
  void choose_driver() noexcept;
  void look() noexcept;
  void decide() noexcept;
  void check_start(const Proposal& first) noexcept;
  void limit_hold() noexcept;
  void soften() noexcept;
  void nudge() noexcept;
  void command() noexcept;
  void check_freshness() noexcept;
  void fault(const char* what) noexcept;
  void stop(const Name& cause) noexcept;
  void set_mode() noexcept;
  void post(const Event::Body& body) noexcept;

  Robot& robot_;
  std::span<Camera* const> cameras_;
  Clock& clock_;
  Tape& tape_;
  PolicySource* policy_;
  LoopConfig config_;
  Arbiter arbiter_;
  std::vector<CommandSource*> sources_;
  std::vector<Monitor*> monitors_;
  GoalBox* goals_ = nullptr;
  NudgeOffset* nudges_ = nullptr;

  int64_t tick_count_ = 0;  // over the whole tape
  int64_t period_ns_;
  int ticks_per_action_;
  int64_t next_beat_ns_ = 0;
  // Of the present tick; storage made once.
  Tick tick_;
  Step step_;
  Frame frame_;
  RobotState state_;
  HeaderPtr header_;  // of the present span
  GoalPtr goal_;
  GoalPtr next_goal_;         // takes the present one's place in time; null: none does
  int64_t next_goal_ns_ = 0;  // then
  std::vector<float> hold_;
  std::vector<float> command_;            // [D], the chosen proposal, softened
  std::vector<int64_t> picture_ages_ns_;  // [C]
  Freshness freshness_;
  CommandSource* driver_ = nullptr;     // drives instead of the policy
  Mode recorded_mode_ = Mode::kPolicy;  // the last one on the tape
  Name cause_;                          // of the next change of mode, where it is known
  bool may_ask_ = false;
  bool moves_ = false;    // the policy has driven in this span
  bool moved_ = false;    // somebody has
  bool faulted_ = false;  // told, and not cleared since
  bool softly_;           // the next motion begins gently
  int64_t soft_start_ns_, hold_limit_ns_;
  int64_t soft_since_ns_;
  int64_t held_since_ns_ = -1;  // -1: not held
  Outcome outcome_;             // of the present span
};

}  // namespace gyre::run
