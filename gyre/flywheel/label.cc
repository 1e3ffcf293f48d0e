#include "gyre/flywheel/label.h"

#include <algorithm>

namespace gyre::flywheel {
namespace {

bool helped(const data::Row& step) {
  return step.source == Source::kHuman || step.source == Source::kExpert;
}

}  // namespace

std::string recipe_name(Recipe recipe) {
  switch (recipe) {
    case Recipe::kCorrections:
      return "corrections";
    case Recipe::kFilteredCloning:
      return "filtered cloning";
    case Recipe::kCloningEverything:
      break;
  }
  return "cloning everything";
}

std::string recipe_key(Recipe recipe) {
  std::string key = recipe_name(recipe);
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

EpisodeLabels label_episode(const data::EpisodeRows& episode, Recipe recipe) {
  EpisodeLabels labels;
  labels.outcome = !episode.success ? "unknown" : *episode.success ? "success" : "failure";
  labels.helped_steps = std::count_if(episode.rows.begin(), episode.rows.end(), helped);
  const bool success = episode.success.value_or(false);

  size_t unaided = 0;  // first step after the last correction
  for (size_t i = 0; i < episode.rows.size(); ++i) {
    if (helped(episode.rows[i])) unaided = i + 1;
  }
  for (size_t i = 0; i < episode.rows.size(); ++i) {
    const data::Row& step = episode.rows[i];
    bool target = step.source != Source::kFallback;
    if (recipe == Recipe::kCorrections) {
      target &= helped(step) || (success && i >= unaided);
    } else if (recipe == Recipe::kFilteredCloning) {
      target &= success;
    }
    labels.target.push_back(target ? 1 : 0);
  }
  return labels;
}

}  // namespace gyre::flywheel
