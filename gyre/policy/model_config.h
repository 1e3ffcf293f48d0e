#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace gyre {

// One Gemma-style stream: the language model or the action expert. Both share depth, heads,
// kv_heads and head_dim.
struct GemmaConfig {
  int width = 2048;
  int depth = 18;
  int mlp_dim = 16384;
  int heads = 8;
  int kv_heads = 1;
  int head_dim = 256;
  bool operator==(const GemmaConfig&) const = default;
};

enum class VisionKind {
  kSiglip,     // ViT of 14-pixel patches, one token a patch (pi0, pi05)
  kKeypoints,  // instruction-modulated convolution, spatial soft-arg-max keypoints, a few tokens
};

struct VisionConfig {
  VisionKind kind = VisionKind::kSiglip;
  int image_size = 224;
  // kSiglip
  int width = 1152;
  int depth = 27;
  int heads = 16;
  int mlp_dim = 4304;
  int patch = 14;
  // kKeypoints: strided 3x3 convolutions (FiLM after each), then `keypoints` soft-arg-max maps,
  // then `tokens` linear maps of all keypoints.
  std::vector<int> channels;
  int keypoints = 64;
  int tokens = 4;
  int grounding = 0;  // auxiliary targets per camera: places of the named things (0 to 2)
  bool operator==(const VisionConfig&) const = default;

  // Prefix tokens of one camera.
  int token_count() const {
    return kind == VisionKind::kSiglip ? (image_size / patch) * (image_size / patch) : tokens;
  }
};

enum class StateInput { kSuffixToken, kPrompt };  // pi0: one token before the actions; pi0.5: words
enum class TimeInput { kConcatMlp, kAdaRms };     // pi0; pi0.5
// The form of the network's actions: flow of an action expert (pi0, pi0.5), or tokens of the
// language model (pi0_fast), which then has no expert.
enum class ActionOutput { kFlow, kTokens };

// Determines the graph and the shapes of all tensors. Stored in gyre.json or config.json.
struct ModelConfig {
  std::string type = "pi05";  // "pi0", "pi05", "pi0_fast", "nano"
  VisionConfig vision;
  GemmaConfig language;
  GemmaConfig expert{.width = 1024, .mlp_dim = 4096};
  int vocab_size = 257152;
  int max_prompt_tokens = 200;
  int max_state_dim = 32;
  int max_action_dim = 32;
  int horizon = 50;
  int flow_steps = 10;
  int cameras = 3;
  StateInput state_input = StateInput::kPrompt;
  TimeInput time_input = TimeInput::kAdaRms;
  ActionOutput action_output = ActionOutput::kFlow;
  double time_min_period = 4e-3;
  double time_max_period = 4.0;
  int max_delay = 0;  // most leading actions that it was trained to be given (Chunking::kContinued)
  bool tied_embedding = true;  // one tensor embeds words and scores them
  bool operator==(const ModelConfig&) const = default;

  static ModelConfig pi0();
  static ModelConfig pi05();
  static ModelConfig pi0_fast();
  static ModelConfig nano();

  bool has_expert() const { return action_output == ActionOutput::kFlow; }

  // Throws Error naming the field.
  void validate() const;
};

void to_json(nlohmann::json& json, const ModelConfig& config);
void from_json(const nlohmann::json& json, ModelConfig& config);

}  // namespace gyre
