#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/statistics.h"
#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

// The highest scores (run/alarm_scores.h) that one attempt reached.
struct AlarmPeaks {
  bool success = false;
  double stall_s = 0, disagreement = 0, failure = 0;
};

// A threshold set on one half of the successful attempts, and what it does on the others.
struct AlarmThreshold {
  std::string alarm;  // "stall_s", "disagreement", "failure": the key of run::AlarmConfig
  double threshold = 0;
  Rate false_alarms;  // among the other successful attempts
  Rate caught;        // among the failed ones
};

struct AlarmStudy {
  std::vector<AlarmPeaks> attempts;  // in order
  std::vector<AlarmThreshold> alarms;
  bool interrupted = false;  // a stop was requested: no thresholds
};

// Sets each alarm's threshold so that at most `share` of every second successful attempt passes it,
// and measures it on the others. Throws Error when fewer than 40 attempts succeeded.
std::vector<AlarmThreshold> alarm_thresholds(const std::vector<AlarmPeaks>& attempts, double share);

// Lets the policy make the attempts alone and learns its alarms from them.
AlarmStudy study_alarms(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                        int workers, double share);

// {attempts: [{success, stall_s, disagreement, failure}], interrupted,
//  alarms: [{alarm, threshold, false_alarms, caught}]}
void to_json(nlohmann::json& json, const AlarmStudy& study);

std::string alarm_table(const AlarmStudy& study);  // for the terminal

}  // namespace gyre::flywheel
