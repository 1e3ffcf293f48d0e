#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/statistics.h"
#include "gyre/flywheel/thoughts.h"
#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

struct EvaluateConfig {
  int episodes = 400;
  uint64_t seed = 1;
  std::vector<std::string> embodiments;
  int workers = 0;
  run::LoopConfig loop;
  template <class Visitor>
  void visit(Visitor& v) {
    v("episodes", episodes, "attempts in all, dealt round-robin over embodiments and tasks");
    v("seed", seed, "draws scenes, words and the policy's noise; equal seeds give equal episodes");
    v("embodiments", embodiments, "robots, comma-separated");
    v("workers", workers, "attempts made at once (0: one a core); changes no result");
    v("loop", loop, "the control loop");
  }
};

struct EvaluatedEpisode {
  uint64_t seed = 0;
  std::string task, family, embodiment, instruction;
  bool long_horizon = false;
  bool success = false;
  int64_t steps = 0;          // control periods
  int64_t held = 0;           // of them without an action of the policy's, after its first one
  int64_t safety_events = 0;  // run::SafetyEvents
  double time_s = 0;
  std::string hash;  // EpisodeHash over every control period
  int subtasks_done = 0;
  int subtasks = 1;
  Thoughts thoughts;  // of long tasks
};

struct FamilyRate {
  Rate rate;
  bool long_horizon = false;
  double progress = 0;  // mean share of subtasks that were done
  Thoughts thoughts;
};

struct Evaluation {
  std::vector<EvaluatedEpisode> episodes;  // in the order of the deal
  bool interrupted = false;                // a stop was requested; the later episodes are missing

  // The atomic tasks count; where every task is long, all do:
  Rate rate() const;
  std::map<std::string, Rate> embodiments() const;
  std::vector<bool> outcomes() const;  // in order: what is paired
  double median_time_s() const;        // of those that succeeded; 0: none did
  std::map<std::string, FamilyRate> families() const;
  double held() const;       // share of control periods without an action, 0 .. 1
  std::string hash() const;  // over the episodes' hashes
};

EvaluatedEpisode evaluated_episode(const run::AttemptResult& result);  // without its thoughts

// Lets the policy make the attempts alone, in closed loop. Two policies that make the same attempts
// meet the same scenes and words: their outcomes pair up by index. Throws Error for a contract that
// the policy was not trained on. Shows progress as `what`.
Evaluation evaluate(const run::Arena& arena, const infer::Engine& engine,
                    const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                    int workers, const std::string& what = "evaluating");
// The same with all options of the attempts; the policy drives alone.
Evaluation evaluate(const run::Arena& arena, const infer::Engine& engine,
                    const std::vector<run::Attempt>& attempts, const run::AttemptOptions& options,
                    int workers, const std::string& what);

// {embodiments: name -> rate, tasks: family -> rate (long ones with long and progress),
//  interrupted, episodes: [{seed, task, family, embodiment, instruction, long, success, steps,
//  held, safety_events, time_s, hash, subtasks_done, subtasks, thoughts, wrong_thoughts}]}
void to_json(nlohmann::json& json, const Evaluation& evaluation);
void from_json(const nlohmann::json& json, Evaluation& evaluation);

std::string evaluation_table(const Evaluation& evaluation);  // for the terminal

}  // namespace gyre::flywheel
