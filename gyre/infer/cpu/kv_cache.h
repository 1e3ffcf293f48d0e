#pragma once

#include <vector>

#include "gyre/infer/cpu/kernels.h"

namespace gyre::infer::cpu {

// Keys (after the rotary embedding) and values of a run of tokens, of every layer and key head,
// packed as weights: all queries of all heads and flow steps multiply the same panels.
class KvCache {
 public:
  struct Shape {
    int layers = 1, heads = 1, dim = 0;
    int most_tokens = 0;  // memory for so many is taken at once
    bool grows = false;   // tokens are added one by one
  };
  // Empty, for `tokens` tokens that store() then brings.
  void shape(const Kernels& kernels, Arithmetic arithmetic, const Shape& shape, int tokens);
  // A cache that grows: room for one more token, which store() then brings.
  void grow(const Kernels& kernels);

  int tokens() const { return tokens_; }
  const KeyValues& at(int layer, int head) const { return entries_[layer * shape_.heads + head]; }

  // Packs keys and values [tokens, dim] of one layer and head, rows `stride` apart; of the last
  // token alone in a cache that grows.
  void store(const Kernels& kernels, int layer, int head, const float* keys, const float* values,
             int64_t stride, Scratch& scratch);

 private:
  void plan(const Kernels& kernels);

  Arithmetic arithmetic_ = Arithmetic::kF32;
  Shape shape_;
  int tokens_ = 0;
  std::vector<KeyValues> entries_;
  Aligned<std::byte> data_;
  Aligned<float> raw_;  // of a cache that grows: [layers, heads, most_tokens, 2, dim]
};

}  // namespace gyre::infer::cpu
