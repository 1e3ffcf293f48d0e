#include "gyre/policy/lerobot_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gyre/core/error.h"
#include "gyre/policy/action_names.h"
#include "gyre/policy/config_from_tensors.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/norm_stats.h"
#include "gyre/policy/old_lerobot.h"

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

// Python writes null for a value that was not given.
nlohmann::json without_nulls(const nlohmann::json& config) {
  nlohmann::json stated = nlohmann::json::object();
  for (const auto& [key, value] : config.items()) {
    if (!value.is_null()) stated[key] = value;
  }
  return stated;
}

// A step of a processor file; null when there is none of that name.
nlohmann::json find_step(const nlohmann::json& processor, const std::string& name) {
  for (const nlohmann::json& step : processor.at("steps")) {
    if (step.value("registry_name", "") == name) return step;
  }
  return nullptr;
}

// What a step was given; {} where the file has no such step.
nlohmann::json step_config(const nlohmann::json& processor, const std::string& name) {
  const nlohmann::json step = find_step(processor, name);
  if (step.is_null() || !step.contains("config")) return nlohmann::json::object();
  return without_nulls(step["config"]);
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

// The recorded cameras that feed the policy's inputs under another name.
void read_rename_map(const fs::path& file, const nlohmann::json& config, FolderContent& content) {
  if (!config.contains("rename_map")) return;
  CameraRules& cameras = content.processors.cameras;
  for (const auto& [recorded, renamed] : config["rename_map"].items()) {
    const auto input = renamed.get<std::string>();
    if (input == "observation.state" && recorded != input) {
      content.warnings.push_back(
          fmt::format("{}: its rename_map takes the state from '{}'", file.string(), recorded));
    }
    const bool sees = std::ranges::any_of(cameras.inputs, [&](const std::string& each) {
      return camera_name(each) == camera_name(input);
    });
    if (sees) cameras.renamed[recorded] = input;
  }
}

void read_relative_actions(const nlohmann::json& config, Processors& processors) {
  processors.relative_actions = config.value("enabled", processors.relative_actions);
  processors.absolute_joints = config.value("exclude_joints", processors.absolute_joints);
  if (config.contains("action_names")) {
    processors.action_names = names_in_order(config["action_names"]);
  }
}

void read_normalizer(const fs::path& folder, const std::string& file_name,
                     const std::string& step_name, Processors& processors) {
  const fs::path file = folder / file_name;
  if (!fs::exists(file)) return;
  with_file_named(file, [&] {
    const nlohmann::json step = find_step(read_json_object(file), step_name);
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
  config.max_delay = json.value("rtc_training_max_delay", config.max_delay);
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

// The cameras' order is the file's. Those that the policy may lack come last, as LeRobot adds them
// when it starts.
std::vector<std::string> picture_inputs(const nlohmann::ordered_json& json, int empty_cameras) {
  std::vector<std::string> inputs;
  if (json.contains("input_features")) {
    for (const auto& [name, feature] : json.at("input_features").items()) {
      if (feature.at("type") == "VISUAL") inputs.push_back(name);
    }
  }
  constexpr int kMostEmpty = 64;
  for (int i = 0; i < std::min(empty_cameras, kMostEmpty); ++i) {
    const std::string name = camera_key(fmt::format("empty_camera_{}", i));
    if (std::ranges::find(inputs, name) == inputs.end()) inputs.push_back(name);
  }
  return inputs;
}

// What config.json says of the processors; their own files come after it.
void read_features(const nlohmann::ordered_json& ordered, const nlohmann::json& json,
                   Processors& processors) {
  processors.cameras.inputs = picture_inputs(ordered, json.value("empty_cameras", 0));
  processors.relative_actions = json.value("use_relative_actions", false);
  processors.absolute_joints = json.value("relative_exclude_joints", std::vector<std::string>{});
  if (json.contains("action_feature_names")) {
    processors.action_names = names_in_order(json["action_feature_names"]);
  }
}

void read_preprocessor(const fs::path& folder, FolderContent& content) {
  const fs::path file = folder / "policy_preprocessor.json";
  if (!fs::exists(file)) return;
  with_file_named(file, [&] {
    const nlohmann::json json = read_json_object(file);
    read_rename_map(file, step_config(json, "rename_observations_processor"), content);
    read_relative_actions(step_config(json, "relative_actions_processor"), content.processors);
  });
}

// Policies of an older LeRobot.
void read_old_folder(const fs::path& file, const nlohmann::json& json, const StoredTensors& tensors,
                     const FolderOptions& given, FolderContent& content) {
  if (is_old_config(json)) {
    content.processors.bands_first = true;
    if (json.value("adapt_to_pi_aloha", false) && !given.robot) {
      throw Error(file.string(), "its policy takes the joints of π0's ALOHA (adapt_to_pi_aloha)",
                  "give --policy-robot aloha");
    }
  }
  NormStats stats = read_old_normalizer(tensors.file(), content.warnings);
  content.processors.state = std::move(stats.state);
  content.processors.action = std::move(stats.action);
}

}  // namespace

FolderContent read_lerobot_folder(const fs::path& folder, const nlohmann::ordered_json& ordered,
                                  const StoredTensors& tensors, const FolderOptions& given) {
  const fs::path file = folder / "config.json";
  nlohmann::json json = without_nulls(ordered);
  if (is_old_config(json)) modernise_config(json);
  FolderContent content;
  with_file_named(file, [&] {
    MissingFlags missing(folder);
    ModelConfig& config = content.config;
    Processors& processors = content.processors;
    const auto type = json.at("type").get<std::string>();
    config = config_from_tensors(tensors, stated_heads(json), type, given, missing);
    read_graph_fields(json, config);
    config.horizon = missing.resolve("--horizon N", stated(json, "chunk_size"), given.horizon);
    read_features(ordered, json, processors);
    read_preprocessor(folder, content);
    choose_cameras(given.camera_names, processors.cameras);
    if (!config.has_expert()) processors.fast = read_fast_options(json, file);
    std::optional<int> cameras;
    if (const auto& inputs = processors.cameras.inputs; !inputs.empty()) {
      cameras = static_cast<int>(inputs.size());
    }
    config.cameras =
        missing.resolve("--cameras N (or --camera-names A,B,...)", cameras, given.cameras);
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
      if (map.contains("STATE")) processors.state_norm = norm_kind(file, map, "STATE");
      if (map.contains("ACTION")) processors.action_norm = norm_kind(file, map, "ACTION");
    }
    processors.state_in_prompt = config.state_input == StateInput::kPrompt;
    read_old_folder(file, json, tensors, given, content);
  });

  Processors& processors = content.processors;
  read_normalizer(folder, "policy_preprocessor.json", "normalizer_processor", processors);
  read_normalizer(folder, "policy_postprocessor.json", "unnormalizer_processor", processors);
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
