#pragma once

#include <string>

#include "gyre/model/parameters.h"

// The small parts that streams and vision share. B batch, T tokens, W width.
namespace gyre::model {

struct Linear {
  torch::Tensor weight;  // [out, in]
  torch::Tensor bias;    // [out] or undefined
  torch::Tensor a, b;    // [rank, in], [out, rank] or undefined: see Parameters::add_lora()

  Linear() = default;
  // "<name>.weight" and, with `biased`, "<name>.bias".
  Linear(const Parameters& parameters, const std::string& name, bool biased);
  torch::Tensor operator()(const torch::Tensor& x) const;
};

struct LayerNorm {
  torch::Tensor weight, bias;  // [W]

  LayerNorm() = default;
  LayerNorm(const Parameters& parameters, const std::string& name);
  torch::Tensor operator()(const torch::Tensor& x) const;
};

// Cosines and sines of rotary positions, [B, T, 1, head_dim / 2] each; half-split convention,
// theta 10000. `positions` [B, T] int64.
struct Rotary {
  torch::Tensor cosine, sine;
  Rotary(const torch::Tensor& positions, int head_dim, torch::Dtype dtype);
  torch::Tensor operator()(const torch::Tensor& x) const;  // [B, T, heads, head_dim]
};

// softmax(q k^T / sqrt(head_dim) + mask) v, any number of query heads on fewer key heads.
// q [B, T, heads, D], k and v [B, kv_heads, S, D], mask [B, T, S] additive or undefined
// -> [B, T, heads * D].
torch::Tensor attention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                        const torch::Tensor& mask);

// 0 where `allowed`, -2.38e38 elsewhere.
torch::Tensor additive_mask(const torch::Tensor& allowed, torch::Dtype dtype);

// concat[sin, cos] of t 2 pi / period, periods geometric from `min_period` to `max_period`;
// t [..] -> [.., width], computed in float64.
torch::Tensor position_embedding(const torch::Tensor& t, int width, double min_period,
                                 double max_period);

}  // namespace gyre::model
