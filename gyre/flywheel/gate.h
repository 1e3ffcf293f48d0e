#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/gate_plan.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

struct Decision {
  bool promoted = false;
  std::string reason;  // one sentence with the figures that decided
};

// One test of a gate, as far as it went.
struct GateRow {
  std::string name;     // of the tasks
  std::string against;  // "predecessor", "ancestor"
  double margin = 0;    // as a rate
  double visible = -1;  // what it sees, as GateTest has it
  int64_t most_pairs = 0;
  Difference paired;
  int looks = 0;
  double statistic = 0, boundary = 0;
  std::string state;  // "holds", "fails", "open": another test had failed before
};

// Safety events in the same attempts of the candidate and a reference.
struct SafetyRow {
  std::string against;
  int64_t attempts = 0;  // of each
  int64_t candidate_events = 0, reference_events = 0;
  int64_t candidate_attempts = 0, reference_attempts = 0;  // with at least one event
  double dispersion = 1;   // variance of an attempt's events over their mean, at least 1
  double ratio_upper = 0;  // of events an attempt; infinite where the reference had none
  double rise_upper = 0;   // of the share of attempts with an event
  bool holds = false;
};

struct GateResult {
  bool quick = false;
  bool bench = false;    // a real one: rows have Boschloo's p as their statistic, and its limit
  int64_t attempts = 0;  // that were made, of all policies together
  std::vector<GateRow> rows;
  std::vector<SafetyRow> safety;
  Decision decision;
};

// The seed of a gate's attempts: a number that nobody knew before there was the candidate.
uint64_t gate_seed(const std::string& candidate_hash, const std::string& tasks);

enum class GatePolicy { kCandidate, kPredecessor, kAncestor };

struct GateOutcome {
  bool success = false;
  int64_t safety_events = 0;
};

// Attempts `from` .. `to` of tasks by a policy, in order. All policies meet the same ones.
using GateAttempts = std::function<std::vector<GateOutcome>(
    const GateTasks& tasks, GatePolicy policy, int64_t from, int64_t to)>;

// Decides if a candidate may take its predecessor's place: only if every test of the plan holds,
// and safety events against each reference. Begins with the frontier and ends at the first test
// that fails. Attempts are made look by look, those of a task no longer than a test needs them.
// Each test errs with 2.5 % at most, so that a candidate on the wrong side of any margin is
// promoted with 2.5 % at most.
GateResult run_gate(const GatePlan& plan, const GateAttempts& attempts);

// {quick, bench, attempts, promoted, reason, tests: [{name, against, margin, visible, most_pairs,
// paired,
//  looks, statistic, boundary, state}], safety: [{against, attempts, candidate_events,
//  reference_events, candidate_attempts, reference_attempts, dispersion, ratio_upper, rise_upper,
//  holds}]};
// ratio_upper is null where it is infinite, visible where it is not known.
void to_json(nlohmann::json& json, const GateResult& result);
void from_json(const nlohmann::json& json, GateResult& result);

std::string gate_table(const GateResult& result);  // for the terminal

}  // namespace gyre::flywheel
