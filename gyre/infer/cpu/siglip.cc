#include "gyre/infer/cpu/siglip.h"

#include <algorithm>
#include <cmath>

namespace gyre::infer::cpu {
namespace {

const std::string kTower = "paligemma_with_expert.paligemma.model.vision_tower.vision_model.";
const std::string kProjector = "paligemma_with_expert.paligemma.model.multi_modal_projector.linear";

MatrixPart linear(const std::string& name) {
  return {.weight = name + ".weight", .bias = name + ".bias"};
}

}  // namespace

Siglip::LayerNorm Siglip::load_norm(const StoredTensors& tensors, const std::string& name) const {
  std::vector<float> gain = load_floats(tensors, name + ".weight");
  std::vector<float> offset = load_floats(tensors, name + ".bias");
  if (folds_norms(machine_.precision)) return {.gain = gain, .offset = offset};
  for (float& scale : gain) scale -= 1;
  return {.scale = gain, .shift = offset};
}

Siglip::Siglip(const Machine& machine, const StoredTensors& tensors, const ModelConfig& config)
    : machine_(machine), config_(config.vision), language_width_(config.language.width) {
  const auto load = [&](const std::vector<MatrixPart>& parts, const LayerNorm& norm = {}) {
    return load_matrix(machine, tensors, parts, machine.precision, false, norm.gain, norm.offset);
  };
  // The first and the last product are a hundredth of the work; eight bits cost most there.
  const Precision ends = folds_norms(machine.precision) ? Precision::kBf16 : machine.precision;
  patch_ = load_matrix(machine, tensors, {linear(kTower + "embeddings.patch_embedding")}, ends);
  position_ = load_floats(tensors, kTower + "embeddings.position_embedding.weight");
  for (int i = 0; i < config_.depth; ++i) {
    const std::string name = kTower + "encoder.layers." + std::to_string(i) + ".";
    const LayerNorm before = load_norm(tensors, name + "layer_norm1");
    const LayerNorm between = load_norm(tensors, name + "layer_norm2");
    layers_.push_back(
        {.before = before,
         .between = between,
         .qkv = load({linear(name + "self_attn.q_proj"), linear(name + "self_attn.k_proj"),
                      linear(name + "self_attn.v_proj")},
                     before),
         .out = load({linear(name + "self_attn.out_proj")}),
         .fc1 = load({linear(name + "mlp.fc1")}, between),
         .fc2 = load({linear(name + "mlp.fc2")})});
  }
  last_ = load_norm(tensors, kTower + "post_layernorm");
  projector_ =
      load_matrix(machine, tensors, {linear(kProjector)}, ends, false, last_.gain, last_.offset);
}

void Siglip::attend(int pictures, Workspace& work) const {
  const Stopwatch stopwatch(work.times.attend);
  const int count = tokens(), heads = config_.heads, dim = config_.width / heads;
  const int64_t width = config_.width, stride = 3 * width;
  const Arithmetic arithmetic = machine_.kernels.attention_arithmetic(machine_.precision);
  machine_.pool.run(pictures * heads, [&](int first, int last, int thread) {
    KvCache& cache = work.scratch_cache[thread];
    cache.shape(machine_.kernels, arithmetic, {.dim = dim}, count);
    for (int i = first; i < last; ++i) {
      const int64_t head = static_cast<int64_t>(i % heads) * dim, row = int64_t{i / heads} * count;
      const float* q = work.qkv.data() + row * stride + head;
      cache.store(machine_.kernels, 0, 0, q + width, q + 2 * width, stride, work.scratch[thread]);
      const Attention attention{.q = q,
                                .q_stride = stride,
                                .tokens = count,
                                .heads = 1,
                                .dim = dim,
                                .scale = 1 / std::sqrt(static_cast<float>(dim)),
                                .runs = {&cache.at(0, 0), nullptr},
                                .y = work.mixed.data() + row * width + head,
                                .y_stride = width};
      machine_.kernels.attend(attention, arithmetic, 0, strips(machine_.kernels, arithmetic, count),
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
  const auto product = [&](const Matrix& matrix, const float* from, int64_t stride,
                           const LayerNorm* norm, Finish finish) {
    RowTransform transform;
    if (norm != nullptr) {
      transform.norm = Norm::kLayer;
      if (!norm->scale.empty()) {
        transform.scale = norm->scale.data();
        transform.shift = norm->shift.data();
      }
    }
    const Rows rows = pack_rows(machine_, matrix, count, {from, stride}, transform, work);
    finish.bias = matrix.bias_or_null();
    multiply(machine_, rows, matrix, finish, work);
  };
  product(patch_, inner, values, nullptr, {.kind = Finish::kAdd, .y = x, .stride = width});
  for (const Layer& layer : layers_) {
    product(layer.qkv, x, width, &layer.before, {.y = work.qkv.data(), .stride = 3 * width});
    attend(static_cast<int>(pictures.size()), work);
    product(layer.out, work.mixed.data(), width, nullptr,
            {.kind = Finish::kAdd, .y = x, .stride = width});
    product(layer.fc1, x, width, &layer.between,
            {.kind = Finish::kGelu, .y = inner, .stride = config_.mlp_dim});
    product(layer.fc2, inner, config_.mlp_dim, nullptr,
            {.kind = Finish::kAdd, .y = x, .stride = width});
  }
  product(projector_, x, width, &last_, {.y = out, .stride = language_width_});
}

}  // namespace gyre::infer::cpu
