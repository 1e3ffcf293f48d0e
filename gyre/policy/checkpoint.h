#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"
#include "gyre/policy/fast_tokens.h"
#include "gyre/policy/folder_kind.h"
#include "gyre/policy/folder_options.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/processors.h"
#include "gyre/policy/stored_tensors.h"
#include "gyre/policy/tokenizer.h"

namespace gyre {

inline constexpr const char* kFastFolder = "fast_tokenizer";  // in a checkpoint folder

// One robot contract that a policy was trained on, with the statistics of its data.
struct TrainedEmbodiment {
  Embodiment contract;
  Stats state;
  Stats action;  // of the actions as recorded

  // A policy may predict positions relative to the state that it observed: for each action field
  // the index of that state field, -1 for none; empty when nothing is relative.
  std::vector<int> relative_to;
  // Of chunks after that subtraction, [horizon * D]: each action of a chunk by its own statistics,
  // as the first move little and the last far. Empty when nothing is relative.
  Stats relative_action;
};

// A checkpoint folder (Hugging Face layout), opened:
//   config.json        ModelConfig, and type
//   model.safetensors  weights, names of policy/tensor_table.h
//   tokenizer.model    sentencepiece vocabulary
//   fast_tokenizer/    FAST tokenizer of actions: tokenizer.json, processor_config.json
//   gyre.json          trained embodiments, data hashes, recipe, parent policy, evaluation
// Folders that LeRobot or openpi wrote open as they are; they have `processors` and no embodiments.
struct Checkpoint {
  std::filesystem::path folder;
  FolderKind kind = FolderKind::kGyre;
  ModelConfig config;
  std::shared_ptr<const Tokenizer> tokenizer;  // may be absent where others wrote
  std::shared_ptr<const FastTokenizer>
      fast_tokenizer;                    // of actions; null for policies without action tokens
  std::optional<Processors> processors;  // of LeRobot and openpi
  std::vector<std::string> warnings;     // a line each, for a person
  std::map<std::string, TrainedEmbodiment> embodiments;  // by contract name
  nlohmann::json about = nlohmann::json::object();       // data, recipe, parent, evaluation
  std::shared_ptr<const StoredTensors> tensors;  // the weights, mapped; null in memory alone
  // Both are "" until hash_weights(), which open() calls for Gyre's own folders; of another
  // project's folder the first engine does: its weights are gigabytes.
  std::string weights_hash;  // SHA-256 of model.safetensors: to compare weights
  std::string policy_hash;   // of everything that decides its actions (policy/policy_hash.h)

  // Where `named` is a link, `folder` is what it points to now. Throws Error naming file and field,
  // or the flags of `given` that the folder needs. `given` is for the folders of other projects
  // alone. Their tensors are checked here by name, shape and type.
  static Checkpoint open(const std::filesystem::path& named, const FolderOptions& given = {});

  // Fills both hashes; reads the weights only when weights_hash is "". Throws Error.
  void hash_weights();

  // Writes all files but the weights; atomic (temporary name, then rename), so that a full
  // disk leaves the old folder whole. Of Gyre's own: config.json, gyre.json and the tokenizer. Of
  // another project's policy: as LeRobot has it (π0-FAST in openpi's dialect: as openpi), with the
  // normaliser of the one robot that it knows, and `about` in gyre_training.json. Throws Error.
  void write(const std::filesystem::path& folder) const;
  // Prefix of the tensors' names in such a folder: LeRobot's, or "".
  std::string_view tensor_prefix() const { return processors && !says_openpi() ? "model." : ""; }

  // Takes a robot's contract into a folder that another project wrote: its normaliser is supposed
  // to be this robot's, its cameras are found by name, and what was guessed is told in `warnings`.
  // Throws Error naming the statistic, camera or joint that does not fit or is missing.
  void adopt(const Embodiment& robot);

  // Throws Error naming both sides unless the checkpoint was trained on this very contract.
  const TrainedEmbodiment& trained_on(const Embodiment& robot) const;

  // Throws Error where the folder came without a vocabulary.
  const Tokenizer& vocabulary() const;
  // Throws Error where it came without a tokenizer of actions.
  const FastTokenizer& action_tokenizer() const;

  // A π0-FAST in openpi's dialect, which LeRobot's layout cannot express.
  bool says_openpi() const {
    return processors && processors->dialect == Dialect::kOpenpi && !config.has_expert();
  }

  std::filesystem::path weights_path() const { return folder / "model.safetensors"; }
};

}  // namespace gyre
