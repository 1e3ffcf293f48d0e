#include <string>

#include "gyre/core/error.h"
#include "gyre/flywheel/turn.h"

namespace gyre::flywheel {

train::TrainConfig TurnConfig::fine_tuning(double minutes) {
  train::TrainConfig config;
  config.minutes = minutes;
  config.schedule.peak = 3e-4;
  config.schedule.warmup_steps = 30;
  config.ema = 0.99;
  config.flow_samples = 2;  // the pictures cost most: fewer samples, more pictures
  return config;
}

TurnConfig TurnConfig::demo() {
  TurnConfig config;
  config.trained_episodes = 120;
  config.frontier_episodes = 48;
  config.collect_episodes = 80;
  config.learn = fine_tuning(6);
  config.gate.quick = true;
  config.gate.frontier_pairs = 48;
  return config;
}

void TurnConfig::validate() const {
  const auto require = [](bool holds, const char* key, const char* must) {
    if (!holds) throw Error(key, std::string("must be ") + must);
  };
  require(!embodiments.empty(), "embodiments", "at least one robot");
  require(!trained_suite.empty(), "trained_suite", "the name of a suite");
  require(!frontier_suite.empty(), "frontier_suite", "the name of a suite");
  require(trained_episodes > 0, "trained_episodes", "above 0");
  require(frontier_episodes > 0, "frontier_episodes", "above 0");
  require(collect_episodes > 0, "collect_episodes", "above 0");
  require(attempts > 0, "attempts", "above 0");
  require(collect_by == "deal" || collect_by == "scope", "collect_by", "deal or scope");
  require(replay_episodes > 0, "replay_episodes", "above 0");
  require(old_share > 0 && old_share < 1, "old_share", "between 0 and 1");
  require(workers >= 0, "workers", "0 or more");
  for (const double margin : {gate.trained_margin, gate.family_margin, gate.quick_margin}) {
    require(margin > 0 && margin < 1, "gate", "margins between 0 and 1");
  }
  require(gate.safety_ratio > 1, "gate.safety_ratio", "above 1");
  learn.validate();
  loop.validate();
}

}  // namespace gyre::flywheel
