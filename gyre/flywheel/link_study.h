#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/evaluate.h"

namespace gyre::flywheel {

// Changes of the command from one control period to the next, in units of the largest action:
// of deltas and velocities the difference, of positions that of their differences.
struct CommandChanges {
  std::vector<double> joins;       // where a chunk follows another of the same policy
  std::vector<double> hand_overs;  // in the first action after the ladder changed the policy
};

// One way of living with a cut link.
struct LinkRow {
  std::string name;
  Evaluation evaluation;
  CommandChanges changes;
};

// The same attempts with a link that is cut in the middle.
struct LinkStudy {
  std::vector<LinkRow> rows;  // "no cut", "remote only", "stop", "ladder"
  bool interrupted = false;   // a stop was requested: the last row is left out
};

// `loop` says the link's delay and its cut. "stop": the robot stops for good when the link is gone.
// All rows have twice the tasks' time. Throws Error when `loop` has no cut.
LinkStudy study_link(const run::Arena& arena, const infer::Engine& engine,
                     const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                     int workers);

// {rows: [{name, success, minus_no_cut, median_time_s, held, hand_overs, change_at_joins: {median,
//  p99, most}, change_at_hand_overs}], interrupted}
void to_json(nlohmann::json& json, const LinkStudy& study);

std::string link_table(const LinkStudy& study);  // for the terminal

}  // namespace gyre::flywheel
