#include "gyre/policy/tensor_table.h"

#include <utility>

#include "gyre/policy/tensor_names.h"

namespace gyre {
namespace {

const std::string kVlm = "paligemma_with_expert.paligemma.";

class Table {
 public:
  void add(std::string name, std::vector<int64_t> shape) {
    specs_.push_back({std::move(name), std::move(shape)});
  }
  void linear(const std::string& name, int64_t out, int64_t in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  }
  std::vector<TensorSpec> take() { return std::move(specs_); }

 private:
  std::vector<TensorSpec> specs_;
};

void add_siglip(const ModelConfig& config, Table& table) {
  const auto& vision = config.vision;
  const std::string tower = kVlm + "model.vision_tower.vision_model.";
  const int64_t width = vision.width;
  const auto norm = [&](const std::string& name) {
    table.add(name + ".weight", {width});
    table.add(name + ".bias", {width});
  };
  table.add(tower + "embeddings.patch_embedding.weight", {width, 3, vision.patch, vision.patch});
  table.add(tower + "embeddings.patch_embedding.bias", {width});
  table.add(tower + "embeddings.position_embedding.weight", {vision.token_count(), width});
  for (int i = 0; i < vision.depth; ++i) {
    const std::string layer = tower + "encoder.layers." + std::to_string(i) + ".";
    norm(layer + "layer_norm1");
    norm(layer + "layer_norm2");
    for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      table.linear(layer + "self_attn." + part, width, width);
    }
    table.linear(layer + "mlp.fc1", vision.mlp_dim, width);
    table.linear(layer + "mlp.fc2", width, vision.mlp_dim);
  }
  norm(tower + "post_layernorm");
  table.linear(kVlm + "model.multi_modal_projector.linear", config.language.width, width);
}

// The stem's token and grounding maps are one linear map for each camera.
void add_keypoints(const ModelConfig& config, Table& table) {
  const auto& vision = config.vision;
  const std::string stem = "keypoint_stem.";
  const int64_t width = config.language.width, cameras = config.cameras;
  const int64_t features = 3LL * vision.keypoints;
  int64_t in = 3, modulated = 0;
  for (size_t i = 0; i < vision.channels.size(); ++i) {
    const std::string layer = stem + "convolutions." + std::to_string(i);
    const int64_t out = vision.channels[i];
    table.add(layer + ".weight", {out, in, 3, 3});
    table.add(layer + ".bias", {out});
    in = out;
    modulated += 2 * out;
  }
  table.linear(stem + "word", width, 3 * width);
  table.add(stem + "word_position", {config.max_prompt_tokens, width});
  table.add(stem + "camera", {cameras, width});
  table.linear(stem + "film", modulated, width);
  table.linear(stem + "map", vision.keypoints, in);
  table.add(stem + "tokens.weight", {cameras, vision.tokens * width, features});
  table.add(stem + "tokens.bias", {cameras, vision.tokens * width});
  if (vision.grounding > 0) {
    table.add(stem + "grounding.weight", {cameras, 3LL * vision.grounding, features});
    table.add(stem + "grounding.bias", {cameras, 3LL * vision.grounding});
  }
}

void add_stream(const GemmaConfig& stream, bool adaptive, const std::string& name, Table& table) {
  const int64_t width = stream.width, mlp = stream.mlp_dim;
  const int64_t queries = stream.heads * stream.head_dim, keys = stream.kv_heads * stream.head_dim;
  const auto norm = [&](const std::string& norm_name) {
    if (adaptive) return table.linear(norm_name + ".dense", 3 * width, width);
    table.add(norm_name + ".weight", {width});
  };
  for (int i = 0; i < stream.depth; ++i) {
    const std::string layer = name + ".layers." + std::to_string(i) + ".";
    table.add(layer + "self_attn.q_proj.weight", {queries, width});
    table.add(layer + "self_attn.k_proj.weight", {keys, width});
    table.add(layer + "self_attn.v_proj.weight", {keys, width});
    table.add(layer + "self_attn.o_proj.weight", {width, queries});
    table.add(layer + "mlp.gate_proj.weight", {mlp, width});
    table.add(layer + "mlp.up_proj.weight", {mlp, width});
    table.add(layer + "mlp.down_proj.weight", {width, mlp});
    norm(layer + "input_layernorm");
    norm(layer + "post_attention_layernorm");
  }
  norm(name + ".norm");
}

}  // namespace

std::vector<TensorSpec> tensor_table(const ModelConfig& config) {
  Table table;
  if (config.vision.kind == VisionKind::kSiglip) add_siglip(config, table);
  if (config.vision.kind == VisionKind::kKeypoints) add_keypoints(config, table);
  table.add(kTextHead, {config.vocab_size, config.language.width});
  if (!config.tied_embedding) {
    table.add(kWordEmbedding, {config.vocab_size, config.language.width});
  }
  add_stream(config.language, false, kVlm + "model.language_model", table);
  if (!config.has_expert()) return table.take();
  const bool adaptive = config.time_input == TimeInput::kAdaRms;
  add_stream(config.expert, adaptive, "paligemma_with_expert.gemma_expert.model", table);

  const int64_t width = config.expert.width;
  table.linear("action_in_proj", width, config.max_action_dim);
  table.linear("action_out_proj", config.max_action_dim, width);
  if (config.state_input == StateInput::kSuffixToken) {
    table.linear("state_proj", width, config.max_state_dim);
  }
  const std::string time = adaptive ? "time_mlp" : "action_time_mlp";
  table.linear(time + "_in", width, adaptive ? width : 2 * width);
  table.linear(time + "_out", width, width);
  return table.take();
}

}  // namespace gyre
