#pragma once

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
};

// Asks the policy's own text head, at most once a second of the robot's clock, and keeps the answer
// in between.
class EnginePlanner : public Planner {
 public:
  // `engine` must outlive the planner.
  EnginePlanner(const infer::Engine& engine, std::string embodiment_name, double interval_s = 1.0);
  std::string subtask(const Observation& observation) override;

 private:
  const infer::Engine& engine_;
  std::string embodiment_;
  int64_t interval_ns_;
  int64_t asked_ns_ = 0;
  bool asked_ = false;
  std::string answer_;
};

}  // namespace gyre::run
