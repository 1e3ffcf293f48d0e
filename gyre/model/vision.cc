#include "gyre/model/vision.h"

#include <cmath>

#include "gyre/model/fused.h"

namespace gyre::model {
namespace {

const std::string kTower = "paligemma_with_expert.paligemma.model.vision_tower.vision_model.";
const std::string kProjector = "paligemma_with_expert.paligemma.model.multi_modal_projector.linear";
const std::string kStem = "keypoint_stem.";

// Linear maps of their own for each camera: x [B, cameras, in], weight [cameras, out, in], bias
// [cameras, out] -> [B, cameras, out].
torch::Tensor per_camera(const Linear& linear, const torch::Tensor& x) {
  return torch::baddbmm(linear.bias.unsqueeze(1), x.transpose(0, 1), linear.weight.transpose(1, 2))
      .transpose(0, 1);
}

// Sinusoidal embedding of each frame's age in frames, 0 for the last. It uses cosine minus one, so
// that the present frame's embedding is zero. [count, width]
torch::Tensor frame_embedding(int64_t count, int64_t width, const torch::TensorOptions& options) {
  const auto exact = options.dtype(torch::kFloat64);
  const auto position = torch::arange(1 - count, 1, exact).unsqueeze(1);
  const auto frequency = torch::pow(10000.0, torch::arange(0, width, 2, exact) * (-1.0 / width));
  const auto angle = position * frequency;
  return torch::stack({angle.sin(), angle.cos() - 1}, -1).flatten(1).to(options.dtype());
}

}  // namespace

SiglipTower::SiglipTower(const ModelConfig& config, const Parameters& parameters)
    : config_(config.vision),
      patch_(parameters, kTower + "embeddings.patch_embedding", true),
      position_(parameters.at(kTower + "embeddings.position_embedding.weight")),
      norm_(parameters, kTower + "post_layernorm"),
      projector_(parameters, kProjector, true) {
  patch_.weight = patch_.weight.flatten(1);
  for (int i = 0; i < config_.depth; ++i) {
    const auto name = kTower + "encoder.layers." + std::to_string(i) + ".";
    const auto linear = [&](const char* part) { return Linear(parameters, name + part, true); };
    layers_.push_back({LayerNorm(parameters, name + "layer_norm1"),
                       LayerNorm(parameters, name + "layer_norm2"), linear("self_attn.q_proj"),
                       linear("self_attn.k_proj"), linear("self_attn.v_proj"),
                       linear("self_attn.out_proj"), linear("mlp.fc1"), linear("mlp.fc2")});
  }
}

torch::Tensor SiglipTower::embed(const torch::Tensor& images) const {
  const int64_t side = config_.image_size / config_.patch, patch = config_.patch;
  // The patch convolution's stride is its size: a product over the pixels of each patch.
  const auto patches = images.reshape({-1, 3, side, patch, side, patch})
                           .permute({0, 2, 4, 1, 3, 5})
                           .reshape({-1, side * side, 3 * patch * patch});
  return (patch_(patches) + position_).to(layers_.front().q.weight.scalar_type());
}

torch::Tensor SiglipTower::layer(int index, const torch::Tensor& x) const {
  const auto& layer = layers_.at(index);
  const int64_t batch = x.size(0), tokens = x.size(1), heads = config_.heads;
  const auto split = [&](const torch::Tensor& y) {
    return y.view({batch, tokens, heads, y.size(-1) / heads});
  };
  const auto h = layer.norm1(x);
  const auto seen = attention(split(layer.q(h)), split(layer.k(h)).transpose(1, 2),
                              split(layer.v(h)).transpose(1, 2), {});
  const auto y = x + layer.out(seen);
  return y + layer.fc2(torch::gelu(layer.fc1(layer.norm2(y)), "tanh"));
}

// x [N, T, patches, W], mask [N, T, T] additive. Each patch first looks along time, and what it
// finds there is what the patches of one frame then exchange.
torch::Tensor SiglipTower::layer_in_time(int index, const torch::Tensor& x,
                                         const torch::Tensor& mask) const {
  const auto& layer = layers_.at(index);
  const int64_t batch = x.size(0), frames = x.size(1), patches = x.size(2), width = x.size(3);
  const int64_t heads = config_.heads, dim = width / heads;
  const auto h =
      layer.norm1(x + frame_embedding(frames, width, x.options()).view({1, frames, 1, -1}));
  const auto split = [&](const Linear& linear) {
    return linear(h).view({batch, frames, patches, heads, dim});
  };
  const auto q = split(layer.q), k = split(layer.k), v = split(layer.v);
  const auto along = [&](const torch::Tensor& y) {  // [N * patches, T, heads, dim]
    return y.transpose(1, 2).reshape({batch * patches, frames, heads, dim});
  };
  const auto remembered = attention(along(q), along(k).transpose(1, 2), along(v).transpose(1, 2),
                                    mask.repeat_interleave(patches, 0))
                              .view({batch, patches, frames, heads, dim})
                              .transpose(1, 2);
  const auto within = [&](const torch::Tensor& y) {  // [N * T, patches, heads, dim]
    return y.reshape({batch * frames, patches, heads, dim});
  };
  const auto seen =
      attention(within(q), within(k).transpose(1, 2), within(remembered).transpose(1, 2), {});
  const auto y = x + layer.out(seen).view(x.sizes());
  return y + layer.fc2(torch::gelu(layer.fc1(layer.norm2(y)), "tanh"));
}

torch::Tensor SiglipTower::tokens_with_memory(const torch::Tensor& frames,
                                              const torch::Tensor& valid, int every) const {
  const int64_t batch = frames.size(0), count = frames.size(1);
  const auto index = torch::arange(count, valid.options().dtype(torch::kLong));
  const auto before = index.unsqueeze(0) <= index.unsqueeze(1);
  const auto self = index.unsqueeze(0) == index.unsqueeze(1);
  const auto mask =
      additive_mask((before & valid.unsqueeze(1)) | self, frames.scalar_type());  // [N, T, T]
  auto x = embed(frames.flatten(0, 1)).view({batch, count, -1, config_.width});
  const int last = config_.depth / every * every;  // layers from here on see one frame only
  for (int i = 0; i < last; ++i) {
    x = (i + 1) % every == 0 ? layer_in_time(i, x, mask)
                             : layer(i, x.flatten(0, 1)).view(x.sizes());
  }
  auto now = x.select(1, count - 1);
  for (int i = last; i < config_.depth; ++i) now = layer(i, now);
  return projector_(normal(now));
}

torch::Tensor SiglipTower::normal(const torch::Tensor& x) const { return norm_(x); }

torch::Tensor SiglipTower::tokens(const torch::Tensor& images) const {
  auto x = embed(images);
  for (int i = 0; i < config_.depth; ++i) {
    const auto body = [=, this](const LayerInputs& given) {
      return LayerOutputs{layer(i, given[0])};
    };
    const bool learns = layers_[i].fc1.weight.requires_grad() || x.requires_grad();
    x = recompute_ && learns && torch::GradMode::is_enabled() ? recompute_later(body, {x})[0]
                                                              : layer(i, x);
  }
  return projector_(normal(x));
}

KeypointStem::KeypointStem(const ModelConfig& config, const Parameters& parameters)
    : config_(config.vision),
      cameras_(config.cameras),
      word_(parameters, kStem + "word", true),
      film_(parameters, kStem + "film", true),
      word_position_(parameters.at(kStem + "word_position")),
      camera_(parameters.at(kStem + "camera")),
      map_(parameters, kStem + "map", true),
      tokens_(parameters, kStem + "tokens", true) {
  for (size_t i = 0; i < config_.channels.size(); ++i) {
    const auto name = kStem + "convolutions." + std::to_string(i);
    convolutions_.push_back(
        {parameters.at(name + ".weight"), parameters.at(name + ".bias"), i < 2 ? 2 : 1});
  }
  if (config_.grounding > 0) grounding_ = Linear(parameters, kStem + "grounding", true);
}

torch::Tensor KeypointStem::modulation(const torch::Tensor& all_words,
                                       const torch::Tensor& all_masks) const {
  // Tokens beyond the longest prompt belong to an answer, which the stem does not see.
  const int64_t length = std::min(all_words.size(1), word_position_.size(0));
  const auto words = all_words.slice(1, 0, length), word_mask = all_masks.slice(1, 0, length);
  // Each word with its neighbours and its place, so that "the red block onto the blue block" is not
  // the same bag as its reverse.
  const auto valid = word_mask.unsqueeze(-1).to(words.scalar_type());
  const auto padded = torch::constant_pad_nd(words * valid, {0, 0, 1, 1});
  const auto windows = torch::cat(
      {padded.slice(1, 0, length), padded.slice(1, 1, length + 1), padded.slice(1, 2, length + 2)},
      -1);
  const auto features = torch::silu(word_(windows) + word_position_.slice(0, 0, length));
  const auto pooled = (features * valid).sum(1) / valid.sum(1).clamp_min(1);
  return film_(torch::silu(pooled.unsqueeze(1) + camera_));
}

VisionOutput KeypointStem::operator()(const torch::Tensor& images, const torch::Tensor& words,
                                      const torch::Tensor& word_mask) const {
  const int64_t batch = images.size(0), count = batch * cameras_;
  const auto film = modulation(words, word_mask).reshape({count, -1});
  // Channels last: up to twice as fast as planes with oneDNN.
  auto x = images.reshape({count, 3, config_.image_size, config_.image_size})
               .contiguous(torch::MemoryFormat::ChannelsLast);
  int64_t offset = 0;
  for (const auto& convolution : convolutions_) {
    const int64_t channels = convolution.weight.size(0);
    x = torch::conv2d(x, convolution.weight, convolution.bias, convolution.stride, 1);
    x = film_relu(x, film.slice(1, offset, offset + 2 * channels));
    offset += 2 * channels;
  }

  // Soft-arg-max: the mean place under softmax over the map, and the mean height there.
  const int64_t rows = x.size(2), columns = x.size(3);
  const auto maps = map_(x.permute({0, 2, 3, 1}).reshape({count, rows * columns, -1}))
                        .transpose(1, 2)
                        .contiguous();  // [N, keypoints, rows * columns]
  const auto weights = torch::softmax(maps, -1);
  const auto at = [&](int64_t n) {
    return (torch::arange(n, x.options().dtype(x.scalar_type())) * 2 + 1) / n - 1;
  };
  const auto grid =
      torch::stack({at(columns).repeat({rows}), at(rows).repeat_interleave(columns)}, 1);
  const auto places = torch::matmul(weights, grid);                 // [N, keypoints, 2]
  const auto heights = (weights * maps).sum(-1, /*keepdim=*/true);  // [N, keypoints, 1]
  const auto keypoints = torch::cat({places, heights}, -1).view({batch, cameras_, -1});

  VisionOutput output;
  output.tokens = per_camera(tokens_, keypoints).view({batch, cameras_, config_.tokens, -1});
  if (config_.grounding > 0) {
    output.grounding =
        per_camera(grounding_, keypoints).view({batch, cameras_, config_.grounding, 3});
  }
  return output;
}

}  // namespace gyre::model
