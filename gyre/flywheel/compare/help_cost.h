#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "gyre/data/episode_rows.h"

namespace gyre::flywheel {

// A person's work in a collection. A scripted helper and judge stand in for the person where there
// was none.
struct HelpCost {
  double driven_s = 0;    // action periods that a person decided, in robot time
  int64_t takeovers = 0;  // stretches of them
  int64_t sentences = 0;
  int64_t verdicts = 0;   // attempts with an outcome
  double attended_s = 0;  // robot time of the attempts that a person watched

  // `attended`: a person watched.
  void add(const data::EpisodeRows& episode, double action_period_s, bool attended);
  // Driving, 2 s for each take-over or sentence, and, where a recipe learns from outcomes, 1 s for
  // each verdict.
  double seconds(bool with_verdicts) const;
};

void to_json(nlohmann::json& json, const HelpCost& cost);
void from_json(const nlohmann::json& json, HelpCost& cost);

}  // namespace gyre::flywheel
