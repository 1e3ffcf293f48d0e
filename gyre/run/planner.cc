#include "gyre/run/planner.h"

#include <cmath>
#include <span>
#include <utility>

namespace gyre::run {

EnginePlanner::EnginePlanner(const infer::Engine& engine, std::string embodiment_name,
                             double interval_s)
    : engine_(engine),
      embodiment_(std::move(embodiment_name)),
      interval_ns_(std::llround(interval_s * 1e9)) {}

std::string EnginePlanner::subtask(const Observation& observation) {
  const bool same = asked_ && observation.task == task_;
  if (same && observation.time_ns - asked_ns_ < interval_ns_) return answer_;
  Observation whole_task = observation;  // the question is about the task, not the present subtask
  whole_task.subtask.clear();
  const auto prefix = engine_.encode(std::span(&whole_task, 1), embodiment_);
  answer_ = engine_.think(*prefix).front();
  asked_ns_ = observation.time_ns;
  task_ = observation.task;
  asked_ = true;
  return answer_;
}

}  // namespace gyre::run
