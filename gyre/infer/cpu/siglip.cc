#include "gyre/infer/cpu/siglip.h"

#include <algorithm>
#include <cmath>

namespace gyre::infer::cpu {
namespace {

const std::string kTower = "paligemma_with_expert.paligemma.model.vision_tower.vision_model.";
const std::string kProjector = "paligemma_with_expert.paligemma.model.multi_modal_projector.linear";

Fold layer_norm(const StoredTensors& tensors, const std::string& name) {
  return {load_floats(tensors, name + ".weight"), load_floats(tensors, name + ".bias")};
}

MatrixPart linear(const std::string& name) {
  return {.weight = name + ".weight", .bias = name + ".bias"};
}

}  // namespace

Siglip::Siglip(const Machine& machine, const StoredTensors& tensors, const ModelConfig& config)
    : machine_(machine), config_(config.vision), language_width_(config.language.width) {
  const auto load = [&](const std::vector<MatrixPart>& parts, const Fold& fold = {}) {
    return load_matrix(machine, tensors, parts, machine.precision, fold);
  };
  patch_ = load({linear(kTower + "embeddings.patch_embedding")});
  position_ = load_floats(tensors, kTower + "embeddings.position_embedding.weight");
  for (int i = 0; i < config_.depth; ++i) {
    const std::string name = kTower + "encoder.layers." + std::to_string(i) + ".";
    const Fold before = layer_norm(tensors, name + "layer_norm1");
    const Fold between = layer_norm(tensors, name + "layer_norm2");
    layers_.push_back(
        {.qkv = load({linear(name + "self_attn.q_proj"), linear(name + "self_attn.k_proj"),
                      linear(name + "self_attn.v_proj")}, before),
         .out = load({linear(name + "self_attn.out_proj")}),
         .fc1 = load({linear(name + "mlp.fc1")}, between),
         .fc2 = load({linear(name + "mlp.fc2")})});
  }
  projector_ = load({linear(kProjector)}, layer_norm(tensors, kTower + "post_layernorm"));
}

void Siglip::attend(int pictures, Workspace& work) const {
  const int count = tokens(), heads = config_.heads, dim = config_.width / heads;
  const int64_t width = config_.width, stride = 3 * width;
  const Arithmetic arithmetic = machine_.kernels.attention_arithmetic(machine_.precision);
  machine_.pool.run(pictures * heads, [&](int first, int last, int thread) {
    KvCache& cache = work.scratch_cache[thread];
    cache.shape(machine_.kernels, arithmetic, {.dim = dim}, count);
    for (int i = first; i < last; ++i) {
      const int64_t head = static_cast<int64_t>(i % heads) * dim, row = int64_t{i / heads} * count;
      const float* q = work.qkv.data() + row * stride + head;
      cache.store(machine_.kernels, 0, 0, q + width, q + 2 * width, stride);
      const Attention attention{.q = q,
                                .q_stride = stride,
                                .tokens = count,
                                .heads = 1,
                                .dim = dim,
                                .scale = 1 / std::sqrt(static_cast<float>(dim)),
                                .runs = {&cache.at(0, 0), nullptr},
                                .y = work.mixed.data() + row * width + head,
                                .y_stride = width};
      machine_.kernels.attend(attention, arithmetic, 0, strips(machine_.kernels, count),
                              work.scratch[thread]);
    }
  });
}

void Siglip::run(std::span<const float* const> pictures, float* out, Workspace& work) const {
  const int per_picture = tokens(), patch = config_.patch, size = config_.image_size;
  const int side = size / patch, values = 3 * patch * patch;
  const int64_t width = config_.width;
  const int count = static_cast<int>(pictures.size()) * per_picture;
  work.x.reserve(count * width);
  work.qkv.reserve(count * 3 * width);
  work.mixed.reserve(count * width);
  work.inner.reserve(static_cast<size_t>(count) * std::max(config_.mlp_dim, values));
  float* x = work.x.data();
  float* inner = work.inner.data();

  // The patch convolution's stride is its size: a product over the pixels of each patch.
  for (int row = 0; row < count; ++row) {
    const float* picture = pictures[row / per_picture];
    const int at = row % per_picture, top = at / side * patch, left = at % side * patch;
    float* to = inner + static_cast<int64_t>(row) * values;
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < patch; ++y, to += patch) {
        std::copy_n(picture + (static_cast<int64_t>(c) * size + top + y) * size + left, patch, to);
      }
    }
    std::copy_n(position_.data() + at * width, width, x + row * width);
  }
  const auto product = [&](const Matrix& matrix, const float* from, int64_t stride, Norm norm,
                           Finish finish) {
    const Rows rows = pack_rows(machine_, matrix.packed, count, {from, stride}, {.norm = norm}, work);
    finish.bias = matrix.bias_or_null();
    multiply(machine_, rows, matrix, finish, work);
  };
  product(patch_, inner, values, Norm::kNone, {.kind = Finish::kAdd, .y = x, .stride = width});
  for (const Layer& layer : layers_) {
    product(layer.qkv, x, width, Norm::kLayer, {.y = work.qkv.data(), .stride = 3 * width});
    attend(static_cast<int>(pictures.size()), work);
    product(layer.out, work.mixed.data(), width, Norm::kNone,
            {.kind = Finish::kAdd, .y = x, .stride = width});
    product(layer.fc1, x, width, Norm::kLayer,
            {.kind = Finish::kGelu, .y = inner, .stride = config_.mlp_dim});
    product(layer.fc2, inner, config_.mlp_dim, Norm::kNone,
            {.kind = Finish::kAdd, .y = x, .stride = width});
  }
  product(projector_, x, width, Norm::kLayer, {.y = out, .stride = language_width_});
}

}  // namespace gyre::infer::cpu
