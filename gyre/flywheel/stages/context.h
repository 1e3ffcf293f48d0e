#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/policy_cache.h"
#include "gyre/flywheel/run_progress.h"
#include "gyre/flywheel/stages/gate_scope.h"
#include "gyre/flywheel/stages/stage.h"
#include "gyre/flywheel/stages/tasks.h"
#include "gyre/flywheel/turn.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/io/config.h"

namespace gyre::flywheel {

// Shared by the stages of one turn.
struct TurnContext {
  // Opens the policy, and the unfinished run of the same order or a new one. Throws Error, and
  // makes no run, when the policy was not trained on one of the robots, when there are no old data
  // of it, for an unknown suite, for recordings that do not fit, and for a gate that could not
  // promote.
  TurnContext(const run::Arena& arena, const TurnConfig& config, const TurnOptions& options);

  const std::filesystem::path& folder() const { return state.folder(); }
  const Checkpoint& start() { return policies.checkpoint(config.policy); }
  std::vector<std::string> names() const;  // of the robots' contracts
  nlohmann::json contract_hashes() const;  // name -> hash
  std::vector<run::Attempt> evaluated(Tasks tasks) const {
    return evaluated_attempts(arena, config, tasks);
  }
  // Whether a file below the run's folder has this content (16 digits).
  bool has_file(const std::filesystem::path& file, const std::string& hash) const;
  // Whether a checkpoint folder below the run's holds this policy. Opens it anew.
  bool holds_policy(const std::filesystem::path& below, const std::string& policy_hash);
  void note(const std::string& line) const {
    if (options.note) options.note(line);
  }

  const run::Arena& arena;
  const TurnConfig& config;
  const TurnOptions& options;
  PolicyCache policies;
  std::vector<Embodiment> contracts;
  TurnGate gate;
  RunState state;
  RunProgress progress;
  Ledger ledger;
  Stages stages;
  std::optional<TurnData> old_data;  // made or read when first needed
};

// A part of the configuration, to be an input of a stage.
template <class Config>
nlohmann::json config_json(Config config) {
  return dump_json(config_entries(config));
}

// 16 hex digits over the names and contents of all files in a folder. Throws Error.
std::string hash_of_folder(const std::filesystem::path& folder);

// A contract's name as a file's: "arm/ee" -> "arm_ee".
std::string file_name(std::string contract);

}  // namespace gyre::flywheel
