#include "gyre/policy/old_lerobot.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/policy/tensor_names.h"

namespace gyre {
namespace {

constexpr std::string_view kInputs = "normalize_inputs.", kTargets = "normalize_targets.",
                           kOutputs = "unnormalize_outputs.";

// Stored names begin with this, as "normalize_inputs.buffer_observation_state"; "" where no tensor
// of that feature is stored.
std::string stored_feature(const io::SafeTensors& weights, const std::string& feature) {
  for (const auto& [name, view] : weights.tensors()) {
    const size_t end = name.find_last_of('.');
    if (end == std::string::npos) continue;
    const std::string start = name.substr(0, end);
    if (without_wrappers(start) == feature) return start;
  }
  return "";
}

bool is_filled(const io::SafeTensors& weights, const std::string& feature) {
  for (const auto& [name, view] : weights.tensors()) {
    if (!name.starts_with(feature + ".")) continue;
    const std::vector<float> values = view.to_floats();
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
      return false;
  }
  return true;
}

std::optional<Stats> read_feature(const io::SafeTensors& weights, const std::string& feature,
                                  std::vector<std::string>& warnings) {
  const std::string stored = stored_feature(weights, feature);
  if (stored.empty()) return {};
  if (is_filled(weights, stored)) return stats_of_tensors(weights, stored);
  warnings.push_back(weights.path().string() + ": its normaliser '" + stored +
                     "' was never filled and counts as none");
  return {};
}

}  // namespace

std::string name_since_processors(std::string name) {
  const std::string old = "paligemma_with_expert.paligemma.";
  const auto replace = [&](const std::string& from, const std::string& to) {
    if (name.starts_with(old + from)) name.replace(0, old.size() + from.size(), old + to);
  };
  replace("language_model.model.", "model.language_model.");
  replace("language_model.lm_head.", "lm_head.");
  replace("vision_tower.", "model.vision_tower.");
  replace("multi_modal_projector.", "model.multi_modal_projector.");
  return name;
}

bool is_old_normalizer(std::string_view name) {
  return name.starts_with(kInputs) || name.starts_with(kTargets) || name.starts_with(kOutputs);
}

NormStats read_old_normalizer(const io::SafeTensors& weights, std::vector<std::string>& warnings) {
  const auto read = [&](std::string_view group, const char* feature) {
    return read_feature(weights, std::string(group) + "buffer_" + feature, warnings);
  };
  NormStats stats{read(kInputs, "observation_state"), read(kOutputs, "action")};
  if (!stats.action) stats.action = read(kTargets, "action");
  return stats;
}

bool is_old_config(const nlohmann::json& config) {
  return config.contains("resize_imgs_with_padding") || config.contains("adapt_to_pi_aloha");
}

void modernise_config(nlohmann::json& config) {
  for (const auto& [before, now] : {std::pair("num_steps", "num_inference_steps")}) {
    if (config.contains(before) && !config.contains(now)) config[now] = config[before];
  }
}

}  // namespace gyre
