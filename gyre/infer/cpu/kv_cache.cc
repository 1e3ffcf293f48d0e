#include "gyre/infer/cpu/kv_cache.h"

#include <algorithm>
#include <array>

namespace gyre::infer::cpu {
namespace {

constexpr int kWidestPanel = 64;

Precision kept_in(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::kF32 ? Precision::kF32 : Precision::kBf16;
}

size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

void KvCache::shape(const Kernels& kernels, Arithmetic arithmetic, const Shape& shape, int tokens) {
  arithmetic_ = arithmetic;
  shape_ = shape;
  shape_.most_tokens = std::max(shape.most_tokens, tokens);
  const auto entries = static_cast<size_t>(shape.layers) * shape.heads;
  tokens_ = shape_.most_tokens;
  entries_.resize(entries);
  plan(kernels);  // takes the memory of the longest
  tokens_ = tokens;
  plan(kernels);
  if (shape.grows) raw_.reserve(entries * shape_.most_tokens * 2 * shape.dim);
}

void KvCache::grow(const Kernels& kernels) {
  ++tokens_;
  plan(kernels);
}

void KvCache::plan(const Kernels& kernels) {
  const Precision precision = kept_in(arithmetic_);
  const KeyValues one = {.keys = kernels.plan(precision, arithmetic_, tokens_, shape_.dim),
                         .values = kernels.plan(precision, arithmetic_, shape_.dim, tokens_)};
  const size_t keys = rounded(one.keys.bytes()), each = keys + rounded(one.values.bytes());
  data_.reserve(each * entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i) {
    entries_[i] = one;
    entries_[i].keys.data = data_.data() + i * each;
    entries_[i].values.data = data_.data() + i * each + keys;
  }
}

void KvCache::store(const Kernels& kernels, int layer, int head, const float* keys,
                    const float* values, int64_t stride, Scratch& scratch) {
  const size_t index = static_cast<size_t>(layer) * shape_.heads + head;
  const KeyValues& entry = entries_[index];
  if (shape_.grows) {
    const int64_t row = 2 * static_cast<int64_t>(shape_.dim);
    float* raw = raw_.data() + index * shape_.most_tokens * row;
    std::copy_n(keys, shape_.dim, raw + (tokens_ - 1) * row);
    std::copy_n(values, shape_.dim, raw + (tokens_ - 1) * row + shape_.dim);
    keys = raw;
    values = raw + shape_.dim;
    stride = row;
  }
  std::array<const float*, kWidestPanel> columns;
  const auto pack = [&](const Packed& packed, const float* from, int64_t column, int64_t k) {
    for (int panel = 0; panel < packed.panels; ++panel) {
      for (int j = 0; j < kernels.panel_width; ++j) {
        const int index = panel * kernels.panel_width + j;
        columns[j] = index < packed.n ? from + index * column : nullptr;
      }
      kernels.pack(packed, panel, columns.data(), k, scratch);
    }
  };
  pack(entry.keys, keys, stride, 1);
  pack(entry.values, values, 1, stride);
}

}  // namespace gyre::infer::cpu
