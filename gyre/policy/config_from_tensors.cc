#include "gyre/policy/config_from_tensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/policy/tensor_names.h"

namespace gyre {
namespace {

const std::string kVision = "paligemma_with_expert.paligemma.model.vision_tower.vision_model.";
const std::string kLanguage = "paligemma_with_expert.paligemma.model.language_model.";
const std::string kExpert = "paligemma_with_expert.gemma_expert.model.";
constexpr int kMostLayers = 4096;

// Sizes of tensors by name; what is missing is gathered and counts as 1.
class Shapes {
 public:
  explicit Shapes(const StoredTensors& tensors) : tensors_(tensors) {}

  int size(const std::string& name, size_t axis) {
    const io::TensorView* view = tensors_.find(name);
    if (!view) missing_.push_back(name);
    if (!view) return 1;
    if (axis >= view->shape.size() || view->shape[axis] < 1 || view->shape[axis] > (1 << 30)) {
      throw Error(tensors_.path().string(), fmt::format("tensor '{}' has the impossible shape [{}]",
                                                        name, fmt::join(view->shape, ", ")));
    }
    return static_cast<int>(view->shape[axis]);
  }

  // The number of layers "<start><i>.": one more than the highest that is stored.
  int layers(const std::string& start) const {
    int count = 0;
    for (const auto& [stored, view] : tensors_.file().tensors()) {
      const std::string name = graph_name(stored, tensors_.adaptive());
      if (!name.starts_with(start)) continue;
      int i = 0;
      const char* end = name.data() + name.size();
      const auto parsed = std::from_chars(name.data() + start.size(), end, i);
      if (parsed.ec == std::errc() && i >= 0 && i < kMostLayers) count = std::max(count, i + 1);
    }
    return count;
  }

  void require_nothing_missing() const {
    if (missing_.empty()) return;
    throw Error(tensors_.path().string(),
                fmt::format("tensors missing: {}", fmt::join(missing_, ", ")),
                "is it the whole policy?");
  }

 private:
  const StoredTensors& tensors_;
  std::vector<std::string> missing_;
};

void read_vision(Shapes& shapes, VisionConfig& vision) {
  const std::string patches = kVision + "embeddings.patch_embedding.weight";
  vision.width = shapes.size(patches, 0);
  vision.patch = shapes.size(patches, 3);
  const int places = shapes.size(kVision + "embeddings.position_embedding.weight", 0);
  vision.image_size = vision.patch * static_cast<int>(std::lround(std::sqrt(places)));
  vision.depth = shapes.layers(kVision + "encoder.layers.");
  vision.mlp_dim = shapes.size(kVision + "encoder.layers.0.mlp.fc1.weight", 0);
}

struct AttentionRows {
  int queries, keys;
};

AttentionRows read_stream(Shapes& shapes, const std::string& name, GemmaConfig& stream) {
  const std::string layer = name + "layers.0.";
  stream.width = shapes.size(layer + "mlp.gate_proj.weight", 1);
  stream.mlp_dim = shapes.size(layer + "mlp.gate_proj.weight", 0);
  stream.depth = shapes.layers(name + "layers.");
  return {shapes.size(layer + "self_attn.q_proj.weight", 0),
          shapes.size(layer + "self_attn.k_proj.weight", 0)};
}

}  // namespace

HeadCounts stated_heads(const nlohmann::json& config) {
  const auto dims = config.find("tiny_dims");
  if (dims == config.end()) return {};
  return {.heads = dims->at("text").at("num_heads").get<int>(),
          .vision_heads = dims->at("vision").at("num_attention_heads").get<int>()};
}

ModelConfig config_from_tensors(const StoredTensors& tensors, const HeadCounts& in_folder,
                                std::string_view type, const FolderOptions& given,
                                MissingFlags& missing) {
  const bool adaptive = tensors.adaptive();
  const bool words = !tensors.has_expert() && (type.empty() || type == "pi0_fast");
  ModelConfig config = words      ? ModelConfig::pi0_fast()
                       : adaptive ? ModelConfig::pi05()
                                  : ModelConfig::pi0();
  Shapes shapes(tensors);
  read_vision(shapes, config.vision);
  const AttentionRows rows = read_stream(shapes, kLanguage, config.language);
  config.vocab_size = shapes.size(kTextHead, 0);
  if (!words) {
    read_stream(shapes, kExpert, config.expert);
    config.max_action_dim = shapes.size("action_in_proj.weight", 1);
    config.max_state_dim = adaptive ? config.max_action_dim : shapes.size("state_proj.weight", 1);
  }
  shapes.require_nothing_missing();
  config.tied_embedding = tensors.tied();

  // The published sizes: SigLIP So400m/14, Gemma 2B with its expert.
  HeadCounts known = in_folder;
  if (!known.vision_heads && config.vision.width == 1152) known.vision_heads = 16;
  if (!known.heads && rows.queries == 2048 && rows.keys == 256) known.heads = 8;
  const int heads = missing.resolve("--heads N", known.heads, given.heads);
  config.vision.heads = missing.resolve("--vision-heads N", known.vision_heads, given.vision_heads);
  if (heads == 0) return config;  // `missing` names the flag
  if (heads < 0 || rows.queries % heads != 0 || rows.keys % (rows.queries / heads) != 0) {
    throw Error(tensors.path().string(),
                fmt::format("{} query rows and {} key rows do not make {} heads", rows.queries,
                            rows.keys, heads),
                "check --heads");
  }
  for (GemmaConfig* stream : {&config.language, &config.expert}) {
    if (words && stream == &config.expert) continue;
    stream->heads = heads;
    stream->head_dim = rows.queries / heads;
    stream->kv_heads = rows.keys / stream->head_dim;
  }
  return config;
}

}  // namespace gyre
