#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/evaluate.h"

namespace gyre::flywheel {

// A way of joining chunks under one delay.
struct DelayCase {
  std::string method;  // of run::join_methods()
  double delay = 0;    // action periods
  double jitter = 0;   // the delay varies by up to this, action periods
  double loss = 0;     // share of answers that are lost
};

struct DelayRow {
  DelayCase how;
  double delay_s = 0, jitter_s = 0;  // of `how`, in seconds
  Evaluation evaluation;
};

// Success of one policy under delay, all rows on the same attempts.
struct DelayStudy {
  Evaluation none;  // without delay
  std::vector<DelayRow> rows;
  bool interrupted = false;  // a stop was requested: the last row is not whole and left out
};

struct DelayFlags {
  std::vector<double> delays;        // action periods
  std::vector<double> random;        // shortest and longest of random delays, or empty
  double loss = 0;                   // share of lost answers among the random ones
  std::vector<std::string> methods;  // {"all"}: all that the policy is fit for
};

// Every method under every delay, random ones last. Throws Error naming the flag.
std::vector<DelayCase> delay_cases(const DelayFlags& flags, const Checkpoint& policy);

// All robots of `attempts` must have the same action period. Throws Error.
DelayStudy study_delays(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                        const std::vector<DelayCase>& cases, int workers);

// {none: {success, median_time_s, held}, interrupted, rows: [{method, delay_s, jitter_s, loss,
//  success, minus_none, median_time_s, time_ratio, held, hash}]}
void to_json(nlohmann::json& json, const DelayStudy& study);

std::string delay_table(const DelayStudy& study);  // for the terminal
std::string delay_plot(const DelayStudy& study);   // SVG; "" where no method has two delays

}  // namespace gyre::flywheel
