#include "gyre/policy/lerobot_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "gyre/io/file.h"
#include "gyre/policy/norm_stats.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kState = "observation.state";
constexpr const char* kAction = "action";

std::string lerobot_norm(NormKind kind) {
  switch (kind) {
    case NormKind::kMeanStd:
      return "MEAN_STD";
    case NormKind::kQuantile:
      return "QUANTILES";
    case NormKind::kQuantile10:
      return "QUANTILE10";
    case NormKind::kMinMax:
      return "MIN_MAX";
    case NormKind::kIdentity:
      break;
  }
  return "IDENTITY";
}

ordered_json norm_map(const Processors& processors) {
  return {{"VISUAL", "IDENTITY"},
          {"STATE", lerobot_norm(processors.state_norm)},
          {"ACTION", lerobot_norm(processors.action_norm)}};
}

ordered_json feature(const char* kind, std::vector<size_t> shape) {
  return {{"type", kind}, {"shape", std::move(shape)}};
}

size_t width_of(const std::optional<Stats>& stats, int otherwise) {
  const size_t width = stats ? width_of(*stats) : 0;
  return width > 0 ? width : static_cast<size_t>(otherwise);
}

ordered_json input_features(const ModelConfig& config, const Processors& processors) {
  const auto side = static_cast<size_t>(config.vision.image_size);
  ordered_json inputs;
  for (const std::string& camera : processors.cameras.inputs) {
    inputs[camera] = feature("VISUAL", {3, side, side});
  }
  inputs[kState] = feature("STATE", {width_of(processors.state, config.max_state_dim)});
  return inputs;
}

ordered_json output_features(const ModelConfig& config, const Processors& processors) {
  return {{kAction, feature("ACTION", {width_of(processors.action, config.max_action_dim)})}};
}

// Tensors "<feature>.<statistic>".
void write_state(const fs::path& file, const Processors& processors) {
  std::vector<io::TensorHeader> headers;
  std::vector<std::vector<float>> values;
  const auto add = [&](const std::string& name, const std::vector<double>& numbers) {
    if (numbers.empty()) return;
    headers.push_back({name, io::Dtype::kF32, {std::ssize(numbers)}});
    values.emplace_back(numbers.begin(), numbers.end());
  };
  for (const auto& [name, stats] :
       {std::pair(kState, &processors.state), std::pair(kAction, &processors.action)}) {
    if (!*stats) continue;
    const Stats& s = **stats;
    for (const auto& [key, numbers] :
         {std::pair("mean", &s.mean), std::pair("std", &s.std), std::pair("min", &s.min),
          std::pair("max", &s.max), std::pair("q01", &s.q01), std::pair("q10", &s.q10),
          std::pair("q50", &s.q50), std::pair("q90", &s.q90), std::pair("q99", &s.q99)}) {
      add(std::string(name) + "." + key, *numbers);
    }
  }
  io::write_safetensors(file, headers, {{"format", "pt"}},
                        [&](size_t i) { return std::as_bytes(std::span(values[i])); });
}

ordered_json step(const char* name, ordered_json config = ordered_json::object()) {
  return {{"registry_name", name}, {"config", std::move(config)}};
}

// LeRobot finds a step's numbers through its `state_file`.
void write_processor(const fs::path& folder, const std::string& name,
                     std::vector<ordered_json> steps, const Processors& processors) {
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string kind = steps[i]["registry_name"];
    if (!kind.ends_with("normalizer_processor")) continue;
    if (!processors.state && !processors.action) continue;
    const std::string state = fmt::format("{}_step_{}_{}.safetensors", name, i, kind);
    steps[i]["state_file"] = state;
    write_state(folder / state, processors);
  }
  io::write_atomically(folder / (name + ".json"),
                       ordered_json{{"name", name}, {"steps", steps}}.dump(2) + "\n");
}

std::string fast_name(const FastTokenOptions& fast) {
  return fast.tokenizer_name.empty() ? "lerobot/fast-action-tokenizer" : fast.tokenizer_name;
}

// Actions become relative before the normaliser and absolute after its inverse.
void add_relative_steps(const Processors& processors, std::vector<ordered_json>& before,
                        std::vector<ordered_json>& after) {
  ordered_json names;
  if (!processors.action_names.empty()) names = processors.action_names;
  const auto normalizer = std::ranges::find_if(before, [](const ordered_json& each) {
    return each["registry_name"] == "normalizer_processor";
  });
  before.insert(normalizer,
                step("relative_actions_processor", {{"enabled", true},
                                                    {"exclude_joints", processors.absolute_joints},
                                                    {"action_names", names}}));
  after.insert(after.begin() + 1, step("absolute_actions_processor", {{"enabled", true}}));
}

void write_processors(const fs::path& folder, const ModelConfig& config,
                      const Processors& processors) {
  ordered_json features = input_features(config, processors);
  features.update(output_features(config, processors));
  const ordered_json normal = {
      {"eps", 1e-8}, {"features", features}, {"norm_map", norm_map(processors)}};
  const ordered_json inverse = {{"eps", 1e-8},
                                {"features", output_features(config, processors)},
                                {"norm_map", norm_map(processors)}};
  const ordered_json rename =
      step("rename_observations_processor", {{"rename_map", processors.cameras.renamed}});
  const ordered_json tokens =
      step("tokenizer_processor", {{"max_length", config.max_prompt_tokens},
                                   {"task_key", "task"},
                                   {"padding_side", "right"},
                                   {"padding", "max_length"},
                                   {"truncation", true},
                                   {"tokenizer_name", "google/paligemma-3b-pt-224"}});
  const ordered_json device =
      step("device_processor", {{"device", "cpu"}, {"float_dtype", nullptr}});
  const ordered_json normalizer = step("normalizer_processor", normal);
  std::vector<ordered_json> before = {rename, step("to_batch_processor")};
  if (!config.has_expert()) {
    const FastTokenOptions& fast = processors.fast;
    const ordered_json state = step("pi0_fast_prepare_state_tokenizer_processor_step");
    const ordered_json words =
        step("action_tokenizer_processor", {{"trust_remote_code", true},
                                            {"max_action_tokens", fast.max_train_tokens},
                                            {"action_tokenizer_name", fast_name(fast)}});
    before.insert(before.end(), {normalizer, state, tokens, words, device});
  } else if (config.type == "pi0") {
    before.insert(before.end(), {step("pi0_new_line_processor"), tokens, device, normalizer});
  } else {
    const ordered_json state = step("pi05_prepare_state_tokenizer_processor_step");
    before.insert(before.end(), {normalizer, state, tokens, device});
  }
  std::vector<ordered_json> after = {step("unnormalizer_processor", inverse), device};
  if (processors.can_name_relative()) add_relative_steps(processors, before, after);
  write_processor(folder, "policy_preprocessor", before, processors);
  write_processor(folder, "policy_postprocessor", after, processors);
}

}  // namespace

nlohmann::json unpublished_heads(const ModelConfig& config) {
  if (config.vision.width == 1152 && config.language.width == 2048) return nullptr;
  return {{"text", {{"num_heads", config.language.heads}}},
          {"vision", {{"num_attention_heads", config.vision.heads}}}};
}

void write_lerobot_files(const fs::path& folder, const ModelConfig& config, const Processors& given,
                         io::Dtype type) {
  Processors processors = given;
  processors.cameras = settled(given.cameras);
  const int side = config.vision.image_size;
  ordered_json json = {{"type", config.type},
                       {"n_obs_steps", 1},
                       {"input_features", input_features(config, processors)},
                       {"output_features", output_features(config, processors)},
                       {"paligemma_variant", "gemma_2b"},
                       {"action_expert_variant", "gemma_300m"},
                       {"dtype", type == io::Dtype::kF32 ? "float32" : "bfloat16"},
                       {"chunk_size", config.horizon},
                       {"n_action_steps", config.horizon},
                       {"max_state_dim", config.max_state_dim},
                       {"max_action_dim", config.max_action_dim},
                       {"image_resolution", {side, side}},
                       {"empty_cameras", 0},
                       {"tokenizer_max_length", config.max_prompt_tokens},
                       {"normalization_mapping", norm_map(processors)}};
  if (config.has_expert()) {
    json.update({{"num_inference_steps", config.flow_steps},
                 {"min_period", config.time_min_period},
                 {"max_period", config.time_max_period}});
    if (config.max_delay > 0) json["rtc_training_max_delay"] = config.max_delay;
  } else {
    const FastTokenOptions& fast = processors.fast;
    json.update({{"n_action_steps", fast.steps > 0 ? fast.steps : config.horizon},
                 {"max_action_tokens", fast.max_train_tokens},
                 {"max_decoding_steps", fast.max_decode_tokens},
                 {"fast_skip_tokens", fast.skipped_tokens},
                 {"temperature", fast.temperature},
                 {"validate_action_token_prefix", fast.require_begin},
                 {"action_tokenizer_name", fast_name(fast)}});
  }
  if (processors.can_name_relative()) {
    json["use_relative_actions"] = true;
    json["relative_exclude_joints"] = processors.absolute_joints;
  }
  if (!processors.action_names.empty()) json["action_feature_names"] = processors.action_names;
  if (auto heads = unpublished_heads(config); !heads.is_null()) json["tiny_dims"] = heads;
  io::write_atomically(folder / "config.json", json.dump(2) + "\n");
  if (processors.state || processors.action || !processors.cameras.renamed.empty()) {
    write_processors(folder, config, processors);
  }
}

}  // namespace gyre
