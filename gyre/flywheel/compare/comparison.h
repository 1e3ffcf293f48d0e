#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gyre/flywheel/compare/config.h"
#include "gyre/flywheel/compare/summary.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

struct CompareOptions {
  // All recipes, with critics of this seed.
  std::function<std::vector<Recipe>(uint64_t seed)> recipes = standard_recipes;
  std::function<void(const std::string& line)> note;  // for a person; may be empty
};

// Each recipe on each task's collection with each training seed: the first policies and collections
// are made where they are not there yet, then every row that does not stand in the file of rows,
// one after the other. A row depends on everything that its key is a hash of; those of other
// settings are passed over. A stop request ends it after the rows so far, with `interrupted` set.
// Throws Error: an unknown task, recipe or suite, a policy that does not know a robot, rows of
// another collection, and what the parts throw; Interrupted where it stops before the first row.
CompareSummary compare_recipes(const run::Arena& arena, const CompareConfig& config,
                               const CompareOptions& options = {});

}  // namespace gyre::flywheel
