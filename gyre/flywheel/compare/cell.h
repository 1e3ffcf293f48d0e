#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gyre/flywheel/compare/collection.h"
#include "gyre/flywheel/compare/config.h"
#include "gyre/flywheel/compare/old_data.h"
#include "gyre/flywheel/compare/rows.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

// One recipe on one collection with one training seed.
struct Cell {
  const run::Arena& arena;
  const CompareConfig& config;
  const Recipe& recipe;  // of this training seed
  uint64_t seed = 0;
  const Checkpoint& start;
  const std::vector<Embodiment>& contracts;
  const Collection& collection;
  const OldData& old;
  const std::vector<run::Attempt>& pairs;
  std::filesystem::path folder;  // to work in
};

// Labels, learns and makes the pairs: fills in all of `row` that follows from it. A recipe whose
// critic is refused, or takes all of the time, or finds nothing to learn from, leaves the reason.
// Labelling, with what critics learn, and learning take config.seconds together. `cell.folder` is
// gone at the end, unless config.keep. Throws Error, and Interrupted after a stop request: then
// nothing of the cell is kept.
void run_cell(const Cell& cell, CompareRow& row);

// A digit for each attempt, 1: success. Throws Interrupted after a stop request.
std::string outcomes_of(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& pairs, const CompareConfig& config);

}  // namespace gyre::flywheel
