#include "gyre/train/tuning.h"

#include "gyre/policy/tensor_table.h"

namespace gyre::train {
namespace {

constexpr std::string_view kPretrained = "paligemma_with_expert.paligemma.";
constexpr std::string_view kVisionTower = "paligemma_with_expert.paligemma.model.vision_tower.";
constexpr std::string_view kLanguage = "paligemma_with_expert.paligemma.model.language_model.";
constexpr std::string_view kTextHead = "paligemma_with_expert.paligemma.lm_head.";
constexpr std::string_view kExpert = "paligemma_with_expert.gemma_expert.";
constexpr std::string_view kWeight = ".weight";

constexpr int kLanguageRank = 16, kExpertRank = 32, kFewRank = 16;

bool is_stream_layer(std::string_view tensor) {
  return tensor.find("_proj.weight") != std::string_view::npos;
}

bool is_lora_expert_layer(std::string_view tensor) {
  if (!tensor.ends_with(kWeight)) return false;
  if (tensor.starts_with(kExpert)) {
    return tensor.ends_with("q_proj.weight") || tensor.ends_with("v_proj.weight");
  }
  return !tensor.starts_with(kPretrained);  // the projections
}

// Actions see the language model through each layer's keys and values alone, so the rest of its
// last layer serves the words.
bool is_of_words_alone(std::string_view tensor, const ModelConfig& config) {
  if (!tensor.starts_with(kLanguage)) return false;
  const std::string_view part = tensor.substr(kLanguage.size());
  if (part.starts_with("norm.")) return true;
  const std::string last = "layers." + std::to_string(config.language.depth - 1) + ".";
  return part.starts_with(last) && part.find("k_proj") == std::string_view::npos &&
         part.find("v_proj") == std::string_view::npos &&
         part.find("input_layernorm") == std::string_view::npos;
}

}  // namespace

Tuning tuning_of(std::string_view word) {
  if (word == "frozen-vision") return Tuning::kFrozenVision;
  if (word == "expert") return Tuning::kExpert;
  if (word == "lora") return Tuning::kLora;
  if (word == "lora-expert") return Tuning::kLoraExpert;
  if (word == "text") return Tuning::kText;
  return Tuning::kFull;
}

bool is_trained(Tuning tuning, std::string_view tensor, const ModelConfig& config) {
  switch (tuning) {
    case Tuning::kFull:
      return true;
    case Tuning::kFrozenVision:
      return !tensor.starts_with(kVisionTower);
    case Tuning::kExpert:
      return !tensor.starts_with(kPretrained);
    case Tuning::kLora:
      return !tensor.starts_with(kLanguage) && !tensor.starts_with(kTextHead) &&
             !tensor.starts_with(kExpert);
    case Tuning::kText:
      return is_of_words_alone(tensor, config);
    case Tuning::kLoraExpert:
      break;
  }
  return false;
}

std::vector<LowRank> low_rank_layers(Tuning tuning, const ModelConfig& config) {
  std::vector<LowRank> layers;
  for (const TensorSpec& tensor : tensor_table(config)) {
    const std::string& name = tensor.name;
    const bool of_expert = name.starts_with(kExpert);
    const bool all = tuning == Tuning::kLora && is_stream_layer(name) &&
                     (of_expert || name.starts_with(kLanguage));
    const bool few = tuning == Tuning::kLoraExpert && is_lora_expert_layer(name);
    if (!all && !few) continue;
    layers.push_back({.layer = name.substr(0, name.size() - kWeight.size()),
                      .rank = few         ? kFewRank
                              : of_expert ? kExpertRank
                                          : kLanguageRank,
                      .zero_b = few});
  }
  return layers;
}

}  // namespace gyre::train
