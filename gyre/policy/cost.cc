#include "gyre/policy/cost.h"

#include "gyre/policy/tensor_table.h"

// Counts are multiply-adds until the end.
namespace gyre {
namespace {

double siglip(const ModelConfig& config) {
  const VisionConfig& v = config.vision;
  const double tokens = v.token_count(), width = v.width;
  const double layer =
      4 * tokens * width * width + 2 * tokens * width * v.mlp_dim + 2 * tokens * tokens * width;
  const double patches = tokens * 3 * v.patch * v.patch * width;
  return config.cameras * (patches + v.depth * layer + tokens * width * config.language.width);
}

double keypoints(const ModelConfig& config, double prompt_tokens) {
  const VisionConfig& v = config.vision;
  const double width = config.language.width;
  double side = v.image_size, in = 3, camera = 0, modulated = 0;
  for (size_t i = 0; i < v.channels.size(); ++i) {
    if (i < 2) side /= 2;
    camera += side * side * v.channels[i] * in * 9;
    in = v.channels[i];
    modulated += 2 * in;
  }
  camera += side * side * v.keypoints * (in + 3);  // maps, and the mean place and height under each
  camera += 3.0 * v.keypoints * (v.tokens * width + 3.0 * v.grounding) + width * modulated;
  return config.cameras * camera + prompt_tokens * 3 * width * width;
}

// One stream over `tokens` tokens, each of which sees `seen`.
double stream(const GemmaConfig& g, double tokens, double seen) {
  const double queries = static_cast<double>(g.heads) * g.head_dim;
  const double keys = static_cast<double>(g.kv_heads) * g.head_dim;
  const double token =
      g.width * (2 * queries + 2 * keys) + 3.0 * g.width * g.mlp_dim + 2 * seen * queries;
  return g.depth * tokens * token;
}

// Prompt and words of one chunk: each word runs through the stream and the text head.
double spoken(const ModelConfig& config, double prefix) {
  constexpr double kWords = 256;
  const double head = static_cast<double>(config.vocab_size) * config.language.width;
  return stream(config.language, kWords, prefix + kWords / 2) + kWords * head;
}

double flow_step(const ModelConfig& config, double prefix) {
  const GemmaConfig& g = config.expert;
  const double width = g.width, horizon = config.horizon;
  const bool state_token = config.state_input == StateInput::kSuffixToken;
  const double tokens = horizon + (state_token ? 1 : 0);
  double count = stream(g, tokens, prefix + tokens) + 2 * horizon * width * config.max_action_dim;
  if (state_token) count += width * config.max_state_dim;
  if (config.time_input == TimeInput::kAdaRms) {
    count += 2 * width * width + (2.0 * g.depth + 1) * 3 * width * width;
  } else {
    count += horizon * 3 * width * width;
  }
  return count;
}

}  // namespace

int64_t parameter_count(const ModelConfig& config) {
  int64_t total = 0;
  for (const TensorSpec& tensor : tensor_table(config)) {
    int64_t count = 1;
    for (int64_t size : tensor.shape) count *= size;
    total += count;
  }
  return total;
}

double unread_flop(const ModelConfig& config, int prompt_tokens) {
  GemmaConfig last = config.language;
  last.depth = 1;
  const double tokens = config.cameras * config.vision.token_count() + prompt_tokens;
  const double keys_and_values = 2.0 * tokens * last.width * last.kv_heads * last.head_dim;
  return 2 * (stream(last, tokens, tokens) - keys_and_values);
}

double chunk_flop(const ModelConfig& config, int prompt_tokens, int flow_steps) {
  const bool siglip_tower = config.vision.kind == VisionKind::kSiglip;
  const double prefix = config.cameras * config.vision.token_count() + prompt_tokens;
  const double vision = siglip_tower ? siglip(config) : keypoints(config, prompt_tokens);
  const double language = stream(config.language, prefix, prefix);
  if (!config.has_expert()) return 2 * (vision + language + spoken(config, prefix));
  const double flow = (flow_steps > 0 ? flow_steps : config.flow_steps) * flow_step(config, prefix);
  return 2 * (vision + language + flow);
}

}  // namespace gyre
