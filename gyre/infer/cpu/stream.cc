#include "gyre/infer/cpu/stream.h"

#include <cmath>

namespace gyre::infer::cpu {
namespace {

constexpr float kRopeTheta = 10000;

std::vector<float> plus_one(std::vector<float> w) {
  for (float& x : w) x += 1;
  return w;
}

}  // namespace

Rotary::Rotary(int head_dim, int count) : half(head_dim / 2) {
  cosine.resize(static_cast<size_t>(count) * half);
  sine.resize(cosine.size());
  for (int i = 0; i < half; ++i) {
    const float exponent = static_cast<float>(2 * i) * (-1.0f / static_cast<float>(head_dim));
    const float frequency = std::pow(kRopeTheta, exponent);
    for (int p = 0; p < count; ++p) {
      const float angle = static_cast<float>(p) * frequency;
      cosine[static_cast<size_t>(p) * half + i] = std::cos(angle);
      sine[static_cast<size_t>(p) * half + i] = std::sin(angle);
    }
  }
}

Stream::Stream(const Machine& machine, const StoredTensors& tensors, const GemmaConfig& config,
               const std::string& name, bool adaptive)
    : machine_(machine), config_(config), name_(name), adaptive_(adaptive) {
  const Precision precision = machine.precision;
  for (int i = 0; i < config.depth; ++i) {
    const std::string layer = name + ".layers." + std::to_string(i) + ".";
    if (!adaptive) {
      gains_.push_back(load_floats(tensors, layer + "input_layernorm.weight"));
      gains_.push_back(load_floats(tensors, layer + "post_attention_layernorm.weight"));
    }
    const bool folds = !adaptive && folds_norms(precision);
    const auto gain = [&](int norm) {
      return folds ? plus_one(gains_[norm]) : std::vector<float>();
    };
    const auto load = [&](std::vector<MatrixPart> parts, const std::vector<float>& gain = {},
                          bool alternate = false) {
      for (MatrixPart& part : parts) part.weight = layer + part.weight + ".weight";
      return load_matrix(machine, tensors, parts, precision, alternate, gain);
    };
    // Keys and values first: the last layer of the language model needs only those.
    layers_.push_back({.kvq = load({{.weight = "self_attn.k_proj"},
                                    {.weight = "self_attn.v_proj"},
                                    {.weight = "self_attn.q_proj"}},
                                   gain(2 * i)),
                       .out = load({{.weight = "self_attn.o_proj"}}),
                       .gate_up = load({{.weight = "mlp.gate_proj"}, {.weight = "mlp.up_proj"}},
                                       gain(2 * i + 1), true),
                       .down = load({{.weight = "mlp.down_proj"}})});
  }
  if (!adaptive) gains_.push_back(load_floats(tensors, name + ".norm.weight"));
}

RowTransform Stream::norm(int index, const Modulation& modulation) const {
  RowTransform transform{.norm = Norm::kRms};
  if (!adaptive_) {
    const bool last = index == norms() - 1;  // what follows it is not integer
    if (last || !folds_norms(machine_.precision)) transform.scale = gains_[index].data();
    return transform;
  }
  const int64_t width = config_.width;
  transform.scale = modulation.data + 3 * index * width;
  transform.shift = transform.scale + width;
  transform.stride = modulation.row_stride;
  return transform;
}

RowTransform Stream::last_norm(const Modulation& modulation) const {
  return norm(norms() - 1, modulation);
}

void Stream::modulate(const StoredTensors& tensors, const float* conditions, int count, float* to,
                      Workspace& work) const {
  const int64_t width = config_.width;
  for (int i = 0; i < norms(); ++i) {
    const std::string norm =
        i + 1 == norms() ? name_ + ".norm"
                         : name_ + ".layers." + std::to_string(i / 2) +
                               (i % 2 == 0 ? ".input_layernorm" : ".post_attention_layernorm");
    const Matrix dense = load_matrix(
        machine_, tensors, {{norm + ".dense.weight", norm + ".dense.bias"}}, Precision::kF32);
    const Rows rows = pack_rows(machine_, dense, count, {conditions, width}, {}, work);
    multiply(machine_, rows, dense,
             {.y = to + 3 * i * width, .stride = 3 * norms() * width, .bias = dense.bias_or_null()},
             work);
  }
}

void Stream::attend(int layer, std::span<const Part> parts, bool first_alone,
                    Workspace& work) const {
  const Stopwatch stopwatch(work.times.attend);
  const int dim = config_.head_dim, group = config_.heads / config_.kv_heads;
  const int64_t keys = static_cast<int64_t>(config_.kv_heads) * dim;
  const int64_t queries = static_cast<int64_t>(config_.heads) * dim, stride = 2 * keys + queries;
  const Arithmetic arithmetic = machine_.kernels.attention_arithmetic(machine_.precision);
  for (const Part& part : parts) {
    for (int head = 0; head < config_.kv_heads; ++head) {
      const int64_t of_head = static_cast<int64_t>(head) * group * dim;
      const Attention attention{
          .q = work.qkv.data() + part.first_row * stride + 2 * keys + of_head,
          .q_stride = stride,
          .tokens = part.rows,
          .heads = group,
          .dim = dim,
          .scale = 1 / std::sqrt(static_cast<float>(dim)),
          .runs = {part.past != nullptr ? &part.past->at(layer, head) : &part.own->at(layer, head),
                   part.past != nullptr ? &part.own->at(layer, head) : nullptr},
          .first_sees = first_alone ? 1 : -1,
          .y = work.mixed.data() + part.first_row * queries + of_head,
          .y_stride = queries};
      machine_.pool.run(
          strips(machine_.kernels, arithmetic, part.rows * group),
          [&](int first, int last, int thread) {
            machine_.kernels.attend(attention, arithmetic, first, last, work.scratch[thread]);
          },
          kStripsTogether);
    }
  }
}

void Stream::run(std::span<const Part> parts, const Rotary& rotary, const Modulation& modulation,
                 bool whole, bool first_alone, float* x, Workspace& work) const {
  const int dim = config_.head_dim, width = config_.width;
  const int64_t keys = static_cast<int64_t>(config_.kv_heads) * dim;
  const int64_t queries = static_cast<int64_t>(config_.heads) * dim, stride = 2 * keys + queries;
  int count = 0;
  for (const Part& part : parts) count = std::max(count, part.first_row + part.rows);
  work.qkv.reserve(count * stride);
  work.mixed.reserve(count * queries);
  work.inner.reserve(static_cast<size_t>(count) * config_.mlp_dim);
  float* qkv = work.qkv.data();

  for (int i = 0; i < config_.depth; ++i) {
    const Layer& layer = layers_[i];
    const bool stops = !whole && i + 1 == config_.depth;
    const auto gate = [&](int index) -> const float* {
      return adaptive_ ? modulation.data + (3 * index + 2) * static_cast<int64_t>(width) : nullptr;
    };
    Rows rows = pack_rows(machine_, layer.kvq, count, {x, width}, norm(2 * i, modulation), work);
    const int width_of_panel = machine_.kernels.panel_width;
    multiply(machine_, rows, layer.kvq, {.y = qkv, .stride = stride}, work,
             stops ? static_cast<int>((2 * keys + width_of_panel - 1) / width_of_panel) : -1);
    for (const Part& part : parts) {
      const Stopwatch stopwatch(work.times.keep);
      for (int r = 0; r < part.rows; ++r) {
        float* row = qkv + (part.first_row + r) * stride;
        const int64_t at = static_cast<int64_t>(part.position + r) * rotary.half;
        const auto turn = [&](float* head) {
          machine_.kernels.rotate(head, rotary.cosine.data() + at, rotary.sine.data() + at,
                                  rotary.half);
        };
        for (int h = 0; h < config_.kv_heads; ++h) turn(row + h * dim);
        for (int h = 0; h < config_.heads && !stops; ++h) turn(row + 2 * keys + h * dim);
      }
      const float* first = qkv + part.first_row * stride;
      for (int h = 0; h < config_.kv_heads; ++h) {
        part.own->store(machine_.kernels, i, h, first + h * dim, first + keys + h * dim, stride,
                        work.scratch[0]);
      }
    }
    if (stops) return;
    attend(i, parts, first_alone, work);
    rows = pack_rows(machine_, layer.out, count, {work.mixed.data(), queries}, {}, work);
    multiply(machine_, rows, layer.out,
             {.kind = Finish::kAdd,
              .y = x,
              .stride = width,
              .gate = gate(2 * i),
              .gate_stride = modulation.row_stride},
             work);
    rows = pack_rows(machine_, layer.gate_up, count, {x, width}, norm(2 * i + 1, modulation), work);
    multiply(machine_, rows, layer.gate_up,
             {.kind = Finish::kGeluGate, .y = work.inner.data(), .stride = config_.mlp_dim}, work);
    rows = pack_rows(machine_, layer.down, count, {work.inner.data(), config_.mlp_dim}, {}, work);
    multiply(machine_, rows, layer.down,
             {.kind = Finish::kAdd,
              .y = x,
              .stride = width,
              .gate = gate(2 * i + 1),
              .gate_stride = modulation.row_stride},
             work);
  }
}

}  // namespace gyre::infer::cpu
