#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/tokenizer.h"

namespace gyre {

// One robot contract that a policy was trained on, with the statistics of its data.
struct TrainedEmbodiment {
  Embodiment contract;
  Stats state;
  Stats action;  // of the actions as recorded

  // A policy may predict positions relative to the state that it observed: for each action field
  // the index of that state field, -1 for none; empty when nothing is relative.
  std::vector<int> relative_to;
  Stats relative_action;  // of chunks after that subtraction; empty when nothing is relative
};

// What a checkpoint folder says beside its weights (Hugging Face layout):
//   config.json        ModelConfig, and type
//   model.safetensors  weights, names of policy/tensor_table.h
//   tokenizer.model    sentencepiece vocabulary
//   gyre.json          trained embodiments, data hashes, recipe, parent policy, evaluation
struct Checkpoint {
  std::filesystem::path folder;
  ModelConfig config;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::map<std::string, TrainedEmbodiment> embodiments;  // by contract name
  nlohmann::json about = nlohmann::json::object();       // data, recipe, parent, evaluation
  std::string weights_hash;                              // SHA-256 of model.safetensors

  // Throws Error naming file and field.
  static Checkpoint open(const std::filesystem::path& folder);

  // Writes config.json, gyre.json and the tokenizer beside weights that are already there; atomic
  // (temporary name, then rename), so that a full disk leaves the old folder whole.
  void write(const std::filesystem::path& folder) const;

  // Throws Error naming both sides unless the checkpoint was trained on this very contract.
  const TrainedEmbodiment& trained_on(const Embodiment& robot) const;

  std::filesystem::path weights_path() const { return folder / "model.safetensors"; }
};

}  // namespace gyre
