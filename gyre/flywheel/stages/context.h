#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/policy_cache.h"
#include "gyre/flywheel/stages/stage.h"
#include "gyre/flywheel/turn.h"
#include "gyre/flywheel/turn_data.h"

namespace gyre::flywheel {

// Shared by the stages of one turn.
struct TurnContext {
  // Opens the policy, and the unfinished run of the same order or a new one. Throws Error when the
  // policy was not trained on one of the robots, or when there are no old data of it.
  TurnContext(const run::Arena& arena, const TurnConfig& config, const TurnOptions& options);

  const std::filesystem::path& folder() const { return state.folder(); }
  const Checkpoint& start() { return policies.checkpoint(config.policy); }
  std::vector<std::string> names() const;  // of the robots' contracts
  void note(const std::string& line) const {
    if (options.note) options.note(line);
  }

  const run::Arena& arena;
  const TurnConfig& config;
  const TurnOptions& options;
  PolicyCache policies;
  std::vector<Embodiment> contracts;
  RunState state;
  Ledger ledger;
  Stages stages;
  std::optional<TurnData> old_data;  // made or read when first needed
};

// A contract's name as a file's: "arm/ee" -> "arm_ee".
std::string file_name(std::string contract);

}  // namespace gyre::flywheel
