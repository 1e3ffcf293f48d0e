#include "gyre/policy/lerobot_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gyre/core/error.h"
#include "gyre/policy/config_from_tensors.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/norm_stats.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

NormKind norm_kind(const fs::path& file, const nlohmann::json& map, const std::string& feature) {
  static const std::map<std::string, NormKind> kinds{{"MEAN_STD", NormKind::kMeanStd},
                                                     {"QUANTILES", NormKind::kQuantile},
                                                     {"QUANTILE10", NormKind::kQuantile10},
                                                     {"MIN_MAX", NormKind::kMinMax},
                                                     {"IDENTITY", NormKind::kIdentity}};
  const std::string name = map.at(feature);
  const auto found = kinds.find(name);
  if (found != kinds.end()) return found->second;
  throw Error(file.string(),
              fmt::format("the normalisation '{}' of {} is not known", name, feature),
              "MEAN_STD, QUANTILES, QUANTILE10, MIN_MAX and IDENTITY are");
}

// The step of a processor file that (un)normalises; null when there is none.
nlohmann::json normalizer_step(const nlohmann::json& processor, const std::string& name) {
  for (const nlohmann::json& step : processor.at("steps")) {
    if (step.value("registry_name", "") == name) return step;
  }
  return nullptr;
}

// Statistics wherever the step's state file lies; its number differs between versions.
NormStats step_stats(const fs::path& folder, const fs::path& file, const nlohmann::json& step) {
  if (!step.contains("state_file")) return {};
  const fs::path name = step.at("state_file").get<std::string>();
  if (name.has_parent_path() || !fs::exists(folder / name)) {
    throw Error(file.string(), "names the state file '" + name.string() + "', which is not there",
                "copy it from where the policy came");
  }
  return read_processor_state(folder / name);
}

void read_processor(const fs::path& folder, const std::string& file_name,
                    const std::string& step_name, Processors& processors) {
  const fs::path file = folder / file_name;
  if (!fs::exists(file)) return;
  with_file_named(file, [&] {
    const nlohmann::json step = normalizer_step(read_json_object(file), step_name);
    if (step.is_null()) return;
    const nlohmann::json config = step.value("config", nlohmann::json::object());
    if (config.contains("norm_map")) {
      const nlohmann::json& map = config["norm_map"];
      if (map.contains("STATE")) processors.state_norm = norm_kind(file, map, "STATE");
      if (map.contains("ACTION")) processors.action_norm = norm_kind(file, map, "ACTION");
    }
    NormStats stats = step_stats(folder, file, step);
    if (stats.state) processors.state = std::move(stats.state);
    if (stats.action) processors.action = std::move(stats.action);
  });
}

// A normaliser of another width would scale the wrong joints.
void require_width(const fs::path& file, const nlohmann::json& features, const std::string& name,
                   NormKind kind, const std::optional<Stats>& stats) {
  if (!stats || !features.contains(name)) return;
  const auto width = features.at(name).at("shape").at(0).get<size_t>();
  try {
    Normalizer(kind, *stats, width);
  } catch (const Error& error) {
    throw Error(file.string(), "feature '" + name + "': " + error.what());
  }
}

void read_graph_fields(const nlohmann::json& json, ModelConfig& config) {
  config.max_prompt_tokens = json.value("tokenizer_max_length", config.max_prompt_tokens);
  config.flow_steps = json.value("num_inference_steps", config.flow_steps);
  config.time_min_period = json.value("min_period", config.time_min_period);
  config.time_max_period = json.value("max_period", config.time_max_period);
  // π0's state enters through a tensor, which has its width.
  if (config.state_input == StateInput::kPrompt) {
    config.max_state_dim = json.value("max_state_dim", config.max_state_dim);
  }
  if (!config.has_expert()) {
    config.max_action_dim = json.value("max_action_dim", config.max_action_dim);
  }
}

FastTokenOptions read_fast_options(const nlohmann::json& json, const fs::path& file) {
  FastTokenOptions fast;
  fast.skipped_tokens = json.value("fast_skip_tokens", fast.skipped_tokens);
  fast.max_train_tokens = json.value("max_action_tokens", fast.max_train_tokens);
  fast.max_decode_tokens = json.value("max_decoding_steps", fast.max_decode_tokens);
  fast.steps = json.value("n_action_steps", fast.steps);
  fast.temperature = json.value("temperature", fast.temperature);
  fast.require_begin = json.value("validate_action_token_prefix", fast.require_begin);
  fast.tokenizer_name = json.value("action_tokenizer_name", fast.tokenizer_name);
  for (const auto& [field, good] : {std::pair("fast_skip_tokens", fast.skipped_tokens >= 0),
                                    {"max_action_tokens", fast.max_train_tokens > 0},
                                    {"max_decoding_steps", fast.max_decode_tokens > 0},
                                    {"n_action_steps", fast.steps >= 0},
                                    {"temperature", fast.temperature >= 0}}) {
    if (!good) throw Error(file.string(), fmt::format("'{}' is out of range", field));
  }
  return fast;
}

std::optional<int> stated(const nlohmann::json& json, const char* field) {
  if (!json.contains(field)) return {};
  return json.at(field).get<int>();
}

// The cameras' order is the file's.
void read_features(const nlohmann::ordered_json& json, Processors& processors) {
  if (json.contains("input_features")) {
    for (const auto& [name, feature] : json.at("input_features").items()) {
      if (feature.at("type") == "VISUAL") processors.cameras.push_back(name);
    }
  }
  for (int i = 0; i < json.value("empty_cameras", 0); ++i) {
    const std::string name = fmt::format("observation.images.empty_camera_{}", i);
    if (std::ranges::find(processors.cameras, name) == processors.cameras.end()) {
      processors.cameras.push_back(name);
    }
  }
  processors.relative_actions = json.value("use_relative_actions", false);
  processors.absolute_joints = json.value("relative_exclude_joints", std::vector<std::string>{});
}

}  // namespace

FolderContent read_lerobot_folder(const fs::path& folder, const nlohmann::ordered_json& ordered,
                                  const StoredTensors& tensors, const FolderOptions& given) {
  const fs::path file = folder / "config.json";
  const nlohmann::json json = ordered;
  FolderContent content;
  with_file_named(file, [&] {
    MissingFlags missing(folder);
    ModelConfig& config = content.config;
    Processors& processors = content.processors;
    const auto type = json.at("type").get<std::string>();
    config = config_from_tensors(tensors, stated_heads(json), type, given, missing);
    read_graph_fields(json, config);
    config.horizon = missing.resolve("--horizon N", stated(json, "chunk_size"), given.horizon);
    read_features(ordered, processors);
    if (!config.has_expert()) processors.fast = read_fast_options(json, file);
    std::optional<int> cameras;
    if (!processors.cameras.empty()) cameras = static_cast<int>(processors.cameras.size());
    config.cameras = missing.resolve("--cameras N", cameras, given.cameras);
    missing.require_none();
    config.validate();

    if (json.value("use_proprioceptive_memory", false)) {
      throw Error(file.string(), "its policy reads past states (use_proprioceptive_memory)",
                  "policies without that memory open here");
    }
    if (json.value("use_visual_memory", false)) {
      content.warnings.push_back(file.string() +
                                 ": use_visual_memory: the engines give it no past pictures");
    }
    if (type != config.type) {
      content.warnings.push_back(fmt::format("{}: type is '{}', the tensors are those of {}",
                                             file.string(), type, config.type));
    }
    const bool quantiles = config.type == "pi05";
    processors.state_norm = processors.action_norm =
        quantiles ? NormKind::kQuantile : NormKind::kMeanStd;
    if (json.contains("normalization_mapping")) {
      const nlohmann::json& map = json["normalization_mapping"];
      processors.state_norm = norm_kind(file, map, "STATE");
      processors.action_norm = norm_kind(file, map, "ACTION");
    }
    processors.state_in_prompt = config.state_input == StateInput::kPrompt;
  });

  Processors& processors = content.processors;
  read_processor(folder, "policy_preprocessor.json", "normalizer_processor", processors);
  read_processor(folder, "policy_postprocessor.json", "unnormalizer_processor", processors);
  if (!given.stats.empty()) {
    NormStats stats = read_norm_stats(given.stats);
    processors.state = std::move(stats.state);
    processors.action = std::move(stats.action);
  }
  with_file_named(file, [&] {
    const auto empty = nlohmann::json::object();
    require_width(file, json.value("input_features", empty), "observation.state",
                  processors.state_norm, processors.state);
    require_width(file, json.value("output_features", empty), "action", processors.action_norm,
                  processors.action);
  });
  return content;
}

}  // namespace gyre
