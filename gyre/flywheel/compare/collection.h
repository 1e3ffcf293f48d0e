#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/flywheel/compare/help_cost.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/flywheel/statistics.h"
#include "gyre/infer/engine.h"
#include "gyre/run/arena.h"
#include "gyre/run/loop_config.h"

namespace gyre::flywheel {

// The attempts of a collection before they are made.
struct CollectionOrder {
  std::vector<run::Attempt> helped, unhelped;
  run::LoopConfig loop;
  run::HelpConfig help;
  int workers = 0;
};

// Attempts of one policy, failures kept, as a dataset for each contract, with the labels of every
// recipe that needs no critic.
struct Collection {
  std::string hash;                             // of the datasets; 16 hex digits
  std::vector<std::filesystem::path> datasets;  // in the contracts' order
  Rate helped, unhelped;                        // attempts that succeeded
  HelpCost cost;
};
void to_json(nlohmann::json& json, const Collection& collection);

// The collection of this order, which is made in `folder` where it is not there yet: journals in
// attempts/<hash>, datasets in collections/<hash>. Recorded attempts are not made again:
// collections that differ in help share those without. Throws Error, also for an order without
// attempts and for a contract without a whole attempt, and Interrupted after a stop request.
Collection collect_once(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<Embodiment>& contracts,
                        const std::vector<Recipe>& recipes, const CollectionOrder& order,
                        const std::filesystem::path& folder);

}  // namespace gyre::flywheel
