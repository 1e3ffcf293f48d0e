#include "gyre/flywheel/compare/config.h"

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/flywheel/turn.h"

namespace gyre::flywheel {

std::filesystem::path CompareConfig::rows_file() const {
  return out.empty() ? std::filesystem::path(runs) / "rows.jsonl" : std::filesystem::path(out);
}

train::TrainConfig CompareConfig::learning() {
  train::TrainConfig config = TurnConfig::fine_tuning(0);
  config.validation.fraction = 0;
  config.save_minutes = 60;
  return config;
}

CompareConfig CompareConfig::small() {
  CompareConfig config;
  config.runs = "runs/compare_small";
  config.tasks = {"frontier"};
  config.seeds = {1, 2};
  config.unhelped = 40;
  config.seconds = 30;
  config.pairs = 60;
  return config;
}

void CompareConfig::validate() const {
  const auto require = [](bool holds, const char* key, const char* must) {
    if (!holds) throw Error(key, std::string("must be ") + must);
  };
  require(!recipes.empty(), "recipes", "at least one");
  require(!seeds.empty() && std::ranges::all_of(seeds, [](int seed) { return seed > 0; }), "seeds",
          "above 0, at least one");
  require(std::ranges::all_of(helped, [](int count) { return count >= 0; }), "helped", "0 or more");
  require(unhelped >= -1, "unhelped", "0 or more, or -1");
  require(seconds > 0, "seconds", "above 0");
  require(pairs > 0, "pairs", "above 0");
  require(old_share > 0 && old_share < 1, "old_share", "between 0 and 1");
  require(resamples >= 100, "resamples", "100 or more");
  require(workers >= 0, "workers", "0 or more");
  require(learn.minutes == 0, "learn.minutes", "0: --seconds says how long");
  train::TrainConfig bounded = learn;
  bounded.minutes = seconds / 60;
  bounded.validate();
  loop.validate();
}

}  // namespace gyre::flywheel
