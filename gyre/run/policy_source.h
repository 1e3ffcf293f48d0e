#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/step.h"
#include "gyre/run/action_interpolator.h"
#include "gyre/run/chunk_join.h"
#include "gyre/run/command_source.h"
#include "gyre/run/loop_config.h"
#include "gyre/run/policy_port.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// The policy as a source of commands: asks its port when the present chunk runs out, takes answers,
// and turns the chunk's actions into commands. Everything it learns goes on the tape.
class PolicySource {
 public:
  // `port` and `tape` must outlive the source.
  PolicySource(PolicyPort& port, const Embodiment& robot, const LoopConfig& config, Tape& tape);

  // A new attempt; the robot holds at `hold` [D].
  void reset(uint64_t noise_seed, std::span<const float> hold);

  // Begins a control period: takes the answers that have come.
  void take_answers(const Tick& tick) noexcept;
  // This period's frame is needed, with pictures, for a new request.
  bool wants_frame(const Tick& tick) const noexcept;
  // Asks if it is time (`may_ask`), and proposes this period's command. `goal` is what to do;
  // `shadow`: somebody else drives.
  void propose(const Tick& tick, const GoalPtr& goal, bool may_ask, bool shadow,
               Proposal& proposal) noexcept;
  // This period's command went to the robot. `added` [D] (empty: nothing) is the part of it that a
  // person added: chunks do not make up for it.
  void sent(const Step& step, std::span<const float> added = {}) noexcept;
  // Drops the present chunk and any answer under way: the policy must look afresh.
  void clear(std::span<const float> hold) noexcept;

  // There is another goal: the same, and what was thought about the last one is forgotten.
  void new_goal(std::span<const float> hold) noexcept;

  // The goal with the subtask of the last chunk taken; null before the first.
  const GoalPtr& goal() const noexcept { return goal_; }
  // Facts about the action that was proposed last, for the Step.
  void describe(Step& step) const noexcept;
  // The first failure since reset(); empty when there was none.
  const Words& failure() const noexcept { return failure_; }
  int64_t failures() const noexcept { return failures_; }
  int64_t dropped() const noexcept { return dropped_; }
  // The policy in use where the port has several; 0: the first choice.
  int rung() const noexcept { return rung_; }

 private:
  // A question whose answer has not come.
  struct Asked {
    int64_t id = -1;  // -1: none
    int64_t generation = 0;
    int64_t time_ns = 0;
    int64_t goal_id = 0;
    bool shadow = false;
    bool awaited = true;  // the next question may have to wait for it
    SentMark mark;
  };
  void ask(const Tick& tick, const GoalPtr& goal, bool shadow) noexcept;
  void poll(const Tick& tick) noexcept;
  void take(const Tick& tick) noexcept;
  const char* why_stale(const Tick& tick, const Asked* asked) const noexcept;
  const char* why_unusable() const noexcept;
  void fail(const Tick& tick, const Words& why) noexcept;
  void drop(const Tick& tick, int64_t id, const char* why) noexcept;
  void forget_lost(const Tick& tick) noexcept;
  int waiting(const Tick& tick) const noexcept;
  int lasts(int delay) const noexcept;
  void post(const Tick& tick, const Event::Body& body) noexcept;

  PolicyPort& port_;
  Tape& tape_;
  JoinMethod method_;
  ChunkJoin join_;
  ActionInterpolator interpolator_;
  int execute_, in_flight_, ticks_per_action_;
  size_t width_;  // D
  double action_period_s_;
  int64_t max_age_ns_;
  std::array<Asked, 2 * kMostInFlight> asked_;
  int64_t next_id_ = 0;
  int64_t generation_ = 0;
  int64_t attempt_ = 0;       // the first generation of the present attempt
  int64_t asked_period_ = 0;  // of the last question
  int64_t begun_period_ = 0;  // of the present chunk's first action
  int64_t newest_ = -1;       // the request whose chunk is in use
  int64_t newest_ns_ = 0;     // when that was asked
  int rung_ = 0;
  std::vector<float> planned_;
  Answer answer_;
  GoalPtr goal_;
  bool due_ = false;     // the present action period has an action
  bool shadow_ = false;  // somebody else drives
  int64_t chunk_id_ = -1;
  int chunk_index_ = -1;
  int64_t chunk_observed_ns_ = 0;
  float inference_ms_ = 0;
  int64_t retry_period_ = 0;  // no request before, after a failure
  Words failure_;
  int64_t failures_ = 0, dropped_ = 0;
};

}  // namespace gyre::run
