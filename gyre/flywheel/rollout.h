#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/episode.h"
#include "gyre/infer/engine.h"
#include "gyre/run/control_loop.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/suite.h"

namespace gyre::flywheel {

using sim::TaskPtr;

// One attempt before it is made: everything that its outcome depends on beside the policy.
struct Attempt {
  std::string embodiment;  // "so101/ee"
  TaskPtr task;
  uint64_t seed = 0;        // scene, words and the policy's noise
  std::string instruction;  // "": one of the task's, drawn by the seed
};

struct RolloutResult {
  Episode episode;  // steps carry images, grounding and true subtasks only when `record`ed
  std::string hash;
  int subtasks_done = 0;  // the most that were done at once
  int subtasks = 1;
  int64_t dropped_chunks = 0;
};

// Makes a helper for one attempt; the robot lives as long as the rollout.
using MakeHelper =
    std::function<std::unique_ptr<run::Helper>(sim::SimRobot& robot, const Attempt& attempt)>;

// Makes somebody who sees the steps of one attempt, such as a VideoRecorder.
using MakeObserver = std::function<std::unique_ptr<run::StepObserver>(sim::SimRobot& robot)>;

struct RolloutOptions {
  run::LoopConfig loop;
  int image_size = 64;   // pixels; without a policy, which has its own
  double more_time = 1;  // factor on the time limit of the task
  bool record = false;   // keep images and what only the simulator knows, and go on for three
                         // periods after success, as demonstrations do: a policy must learn to end
  MakeHelper helper;     // may be empty
  MakeObserver observe;  // may be empty
};

// Makes one attempt in simulation. `engine` may be null when a helper drives. Long tasks run with
// the policy naming its subtask. Ctrl-C ends it early. Throws Error when inference fails, or for a
// contract that the policy was not trained on.
RolloutResult rollout(const infer::Engine* engine, const Attempt& attempt,
                      const RolloutOptions& options);

// A helper that has control from the first step to the last: the task's scripted expert.
MakeHelper expert_alone();

// Makes the attempts on `workers` threads (0: one a core) and calls `take` with each result in the
// attempts' order, on the calling thread. Returns false when a stop was requested before the last
// one. Throws the first error of an attempt or of `take`.
bool rollout_all(const infer::Engine* engine, const std::vector<Attempt>& attempts,
                 const RolloutOptions& options, int workers, const std::string& what,
                 const std::function<void(size_t index, RolloutResult&& result)>& take);

// Deals `episodes` attempts round-robin over embodiments, then over tasks as sim::deal() does, each
// family with the same share. Attempt i's seed follows from (seed, i) alone, and has 53 bits: no
// demonstration has a seed so large, and every reader of JSON keeps them.
// Throws Error when there is no task or no embodiment.
std::vector<Attempt> deal(const std::vector<TaskPtr>& tasks,
                          const std::vector<std::string>& embodiments, int episodes, uint64_t seed);

}  // namespace gyre::flywheel
