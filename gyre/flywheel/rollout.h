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
#include "gyre/sim/task.h"

namespace gyre::flywheel {

using TaskPtr = std::shared_ptr<const sim::Task>;

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

struct RolloutOptions {
  run::LoopConfig loop;
  int image_size = 64;  // pixels; without a policy, which has its own
  bool record = false;  // keep images and what only the simulator knows
  MakeHelper helper;    // may be empty
  std::vector<run::StepObserver*> observers;
};

// Makes one attempt in simulation. `engine` may be null when a helper drives. Long tasks run with
// the policy naming its subtask. Throws Error when inference fails, or for a contract that the
// policy was not trained on.
RolloutResult rollout(const infer::Engine* engine, const Attempt& attempt,
                      const RolloutOptions& options);

// A helper that has control from the first step to the last: the task's scripted expert.
MakeHelper expert_alone();

// Makes the attempts on `workers` threads (0: one a core) and calls `take` with each result in the
// attempts' order, one at a time. Returns false when a stop was requested before the last one.
// Throws the first error of an attempt or of `take`.
bool rollout_all(const infer::Engine* engine, const std::vector<Attempt>& attempts,
                 const RolloutOptions& options, int workers, const std::string& what,
                 const std::function<void(size_t index, RolloutResult&& result)>& take);

// Deals `episodes` attempts round-robin over embodiments, then over families, and within a family
// over its tasks in an order drawn by the seed. Attempt i's seed follows from (seed, i) alone.
// Throws Error when there is no task or no embodiment.
std::vector<Attempt> deal(const std::vector<TaskPtr>& tasks,
                          const std::vector<std::string>& embodiments, int episodes, uint64_t seed);

}  // namespace gyre::flywheel
