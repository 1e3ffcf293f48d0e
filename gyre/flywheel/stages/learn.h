#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/plot.h"
#include "gyre/flywheel/stages/store.h"

namespace gyre::flywheel {

// A policy that was learnt from what the turn collected.
struct Candidate {
  std::string folder;       // below the run's folder
  std::string policy_hash;  // of the whole policy
  int64_t steps = 0;
  double minutes = 0;
  bool diverged = false;  // it ended early, with its last good weights
};

// One stage: learns by `recipe` from the turn's first policy on old data and on what was collected,
// into candidates/<recipe>/. Nothing when none of the collected actions is one to learn from.
std::optional<Candidate> learn(TurnContext& turn, const Recipe& recipe,
                               const std::vector<StoredData>& collected);

// The losses over optimiser steps, as the learner wrote them down in a checkpoint folder.
std::vector<Series> learning_curves(const std::filesystem::path& folder);

}  // namespace gyre::flywheel
