#include "gyre/policy/policy_hash.h"

#include <nlohmann/json.hpp>

#include "gyre/core/hash.h"
#include "gyre/policy/stats_json.h"

namespace gyre {
namespace {

nlohmann::json stats_or_null(const std::optional<Stats>& stats) {
  return stats ? stats_json(*stats) : nlohmann::json();
}

nlohmann::json transforms(const Processors& p) {
  const FastTokenOptions& fast = p.fast;
  nlohmann::json content = {
      {"dialect", static_cast<int>(p.dialect)},
      {"norms", {static_cast<int>(p.state_norm), static_cast<int>(p.action_norm)}},
      {"state", stats_or_null(p.state)},
      {"action", stats_or_null(p.action)},
      {"state_in_prompt", p.state_in_prompt},
      {"cameras", p.cameras.inputs},
      {"relative_actions", p.relative_actions},
      {"absolute_joints", p.absolute_joints},
      {"relative_mask", p.relative_mask},
      {"mirrored", p.joints.mirrored},
      {"aloha_grippers", p.joints.aloha_grippers},
      {"fast",
       {fast.skipped_tokens, fast.max_train_tokens, fast.max_decode_tokens, fast.skipped_positions,
        fast.steps, fast.temperature, fast.require_begin}}};
  // Most folders leave these out, and older hashes stay right.
  if (const CameraRules& c = p.cameras; !(c.renamed.empty() && c.chosen.empty() && c.empty.empty()))
    content["camera_rules"] = {c.renamed, c.chosen, c.empty};
  if (!p.action_names.empty()) content["action_names"] = p.action_names;
  if (p.bands_first) content["bands_first"] = true;
  return content;
}

nlohmann::json contracts(const Checkpoint& checkpoint) {
  nlohmann::json list = nlohmann::json::object();
  for (const auto& [name, trained] : checkpoint.embodiments) {
    list[name] = {{"contract", trained.contract.contract_hash()},
                  {"state", stats_json(trained.state)},
                  {"action", stats_json(trained.action)},
                  {"relative_to", trained.relative_to},
                  {"relative_action", stats_json(trained.relative_action)}};
  }
  return list;
}

}  // namespace

std::string policy_hash(const Checkpoint& checkpoint) {
  nlohmann::json content = {{"config", checkpoint.config},
                            {"weights", checkpoint.weights_hash},
                            {"tokenizer", nullptr},
                            {"fast_tokenizer", nullptr}};
  if (checkpoint.tokenizer) content["tokenizer"] = sha256_hex(checkpoint.tokenizer->bytes());
  if (checkpoint.fast_tokenizer) {
    content["fast_tokenizer"] = checkpoint.fast_tokenizer->content_hash();
  }
  content["transforms"] =
      checkpoint.processors ? transforms(*checkpoint.processors) : contracts(checkpoint);
  return sha256_hex(content.dump(), 16);
}

}  // namespace gyre
