#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "gyre/core/observation.h"
#include "gyre/infer/engine.h"

namespace gyre::run {

// Chooses what to do next within a task: where standing orders and memory (`mind/`) plug in.
class Planner {
 public:
  virtual ~Planner() = default;
  // The subtask that the policy shall act on now, in words; "" to act on the task itself. May take
  // as long as an inference; called by the thread that infers.
  virtual std::string subtask(const Observation& observation) = 0;
  // A new run: the last answer is forgotten. Any thread.
  virtual void reset() = 0;
};

// Asks the policy's own text head, at most once a second of the robot's clock, and keeps the answer
// in between.
class EnginePlanner : public Planner {
 public:
  // `engine` must outlive the planner.
  EnginePlanner(const infer::Engine& engine, std::string embodiment_name, double interval_s = 1.0);
  std::string subtask(const Observation& observation) override;
  void reset() override { asked_ = false; }

 private:
  const infer::Engine& engine_;
  std::string embodiment_;
  int64_t interval_ns_;
  int64_t asked_ns_ = 0;
  std::atomic<bool> asked_ = false;
  std::string answer_;
  std::string task_;  // that was asked about
};

}  // namespace gyre::run
