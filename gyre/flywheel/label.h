#pragma once

#include <string>
#include <vector>

#include "gyre/data/episode_rows.h"

namespace gyre::flywheel {

// Which recorded actions a policy shall learn from.
enum class Recipe {
  kCorrections,       // the helper's, and the policy's own where they led to success unaided
  kFilteredCloning,   // all of every successful episode
  kCloningEverything  // all
};

std::string recipe_name(Recipe recipe);  // "corrections", "filtered cloning", "cloning everything"
std::string recipe_key(Recipe recipe);   // the same as a file is named: "filtered_cloning"

// What an attempt was worth, told after it: beside the recording, which never changes.
struct EpisodeLabels {
  std::string outcome;        // "success", "failure", "unknown"
  int64_t helped_steps = 0;   // decided by a person or the helper
  std::vector<float> target;  // [steps], 1 where the action is one to learn from, else 0
};

// Corrections (Kelly et al. 2019, HG-DAgger, with the policy's share filtered): a policy's action
// before the helper stepped in is what led there, and no target; after the last correction of a
// successful attempt it is one. Fallback actions are never targets.
EpisodeLabels label_episode(const data::EpisodeRows& episode, Recipe recipe);

}  // namespace gyre::flywheel
