#pragma once

#include <cstdint>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/step.h"
#include "gyre/run/action_interpolator.h"
#include "gyre/run/chunk_executor.h"
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

  // Takes an answer that has come; false when there was none.
  bool take_answer(const Tick& tick) noexcept;
  // This period's frame is needed, with pictures, for a new request.
  bool wants_frame(const Tick& tick) const noexcept;
  // Asks if it is time (`may_ask`), and proposes this period's command. `goal` is what to do;
  // `shadow`: somebody else drives.
  void propose(const Tick& tick, const GoalPtr& goal, bool may_ask, bool shadow,
               Proposal& proposal) noexcept;
  // Drops the present chunk and any answer under way: the policy must look afresh.
  void clear(std::span<const float> hold) noexcept;

  // The goal with the subtask of the last chunk taken; null before the first.
  const GoalPtr& goal() const noexcept { return goal_; }
  // Facts about the action that was proposed last, for the Step.
  void describe(Step& step) const noexcept;
  // The first failure since reset(); empty when there was none.
  const Words& failure() const noexcept { return failure_; }
  int64_t failures() const noexcept { return failures_; }
  int64_t dropped() const noexcept { return dropped_; }

 private:
  void post(const Tick& tick, const Event::Body& body) noexcept;

  PolicyPort& port_;
  Tape& tape_;
  ChunkExecutor executor_;
  ActionInterpolator interpolator_;
  int ticks_per_action_;
  double action_period_s_;
  Answer answer_;
  GoalPtr goal_;
  bool due_ = false;  // the present action period has an action
  int64_t chunk_id_ = -1;
  int chunk_index_ = -1;
  int64_t chunk_observed_ns_ = 0;
  float inference_ms_ = 0;
  int64_t retry_period_ = 0;  // no request before, after a failure
  Words failure_;
  int64_t failures_ = 0, dropped_ = 0;
};

}  // namespace gyre::run
