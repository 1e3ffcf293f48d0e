#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/episode.h"
#include "gyre/infer/engine.h"
#include "gyre/run/arena.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Who drives an attempt.
enum class Driver {
  kPolicy,  // alone
  kHelped,  // the policy, with a scripted helper that watches and corrects
  kExpert,  // the scripted expert, from the first step to the last: a demonstration
};

// Extra parts of one attempt: sinks of its tape, monitors inside the tick, and sources of commands
// that are asked before the driver's own.
struct Watchers {
  std::vector<std::unique_ptr<TapeSink>> sinks;
  std::vector<std::unique_ptr<Monitor>> monitors;
  std::vector<std::unique_ptr<CommandSource>> sources;
};

struct AttemptOptions {
  LoopConfig loop;
  BenchOptions bench;
  Driver driver = Driver::kPolicy;
  HelpConfig help;          // for kHelped
  std::string start_state;  // Bench::save() of the same attempt, to begin from; "": as it is opened
  // Called once a tape, before it begins; may be empty. A tape is one attempt, and `index` counts
  // them; on a real bench it is all of them, and `index` is 0.
  std::function<Watchers(Bench& bench, int64_t index)> watch;
  int64_t first_number = 0;  // of the first episode on a tape that has several
};

struct AttemptResult {
  Episode episode;   // with outcome and instruction
  std::string hash;  // EpisodeHash over every control period
  bool long_horizon = false;
  int subtasks_done = 0;  // the most that were done at once
  int subtasks = 1;
  double time_s = 0;
  int64_t held_ticks = 0;  // control periods without an action of the policy's, after its first
  int64_t dropped_chunks = 0;
  int64_t safety_events = 0;  // as SafetyEvents counts them
};

// Makes one attempt: opens the bench, runs the control loop to the judge's verdict or the time
// limit, and closes the tape. `engine` may be null when an expert drives. Long tasks run with the
// policy naming its subtask. Ctrl-C ends it early, and its tape does not say that the episode
// ended. `index` is the episode's number on the tape where `attempt` has none.
// Throws Error when inference or the robot fails, when a sink fails (a full disk), or for a
// contract that the policy was not trained on.
AttemptResult make_attempt(const Arena& arena, const infer::Engine* engine, const Attempt& attempt,
                           const AttemptOptions& options, int64_t index = 0);

// Arena::make() with one engine for all attempts.
bool make_attempts(const Arena& arena, const infer::Engine* engine,
                   const std::vector<Attempt>& attempts, const AttemptOptions& options, int workers,
                   const std::string& what, const TakeResult& take);

}  // namespace gyre::run
