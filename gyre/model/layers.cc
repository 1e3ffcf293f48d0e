#include "gyre/model/layers.h"

#include <cmath>
#include <numbers>

namespace gyre::model {
namespace {

constexpr double kMasked = -2.3819763e38;
constexpr double kRopeTheta = 10000;
constexpr double kLayerNormEpsilon = 1e-6;

}  // namespace

Linear::Linear(const Parameters& parameters, const std::string& name, bool biased)
    : weight(parameters.at(name + ".weight")) {
  if (biased) bias = parameters.at(name + ".bias");
  if (parameters.find(name + kLoraA) == nullptr) return;
  a = parameters.at(name + kLoraA);
  b = parameters.at(name + kLoraB);
}

torch::Tensor Linear::operator()(const torch::Tensor& x) const {
  // One matrix product over all leading dimensions.
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  const auto rows = x.reshape({-1, weight.size(1)});
  auto y = torch::linear(rows, weight, bias);
  if (a.defined()) {
    const auto type = rows.scalar_type();
    y = y + torch::linear(torch::linear(rows, a.to(type)), b.to(type));
  }
  return y.view(shape);
}

LayerNorm::LayerNorm(const Parameters& parameters, const std::string& name)
    : weight(parameters.at(name + ".weight")), bias(parameters.at(name + ".bias")) {}

torch::Tensor LayerNorm::operator()(const torch::Tensor& x) const {
  return torch::layer_norm(x, {weight.size(0)}, weight, bias, kLayerNormEpsilon);
}

Rotary::Rotary(const torch::Tensor& positions, int head_dim, torch::Dtype dtype) {
  const auto exact = dtype == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32;
  const auto options = positions.options().dtype(exact);
  const auto frequency =
      torch::pow(kRopeTheta, torch::arange(0, head_dim, 2, options) * (-1.0 / head_dim));
  const auto angle = positions.to(exact).unsqueeze(-1).unsqueeze(-1) * frequency;
  cosine = angle.cos().to(dtype);
  sine = angle.sin().to(dtype);
}

torch::Tensor Rotary::operator()(const torch::Tensor& x) const {
  const auto halves = x.chunk(2, -1);
  return torch::cat({halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine},
                    -1);
}

torch::Tensor attention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                        const torch::Tensor& mask) {
  const int64_t batch = q.size(0), tokens = q.size(1), heads = q.size(2), dim = q.size(3);
  const int64_t kv_heads = k.size(1), seen = k.size(2), group = heads / kv_heads;
  // Query heads that share a key head stack up as more queries of one product; with one key head
  // that moves nothing in memory.
  const auto queries = q.view({batch, tokens, kv_heads, group, dim})
                           .transpose(1, 2)
                           .reshape({batch, kv_heads, tokens * group, dim});
  auto scores = torch::matmul(queries, k.transpose(-1, -2));
  scores.mul_(1 / std::sqrt(static_cast<double>(dim)));
  scores = scores.view({batch, kv_heads, tokens, group, seen});
  if (mask.defined()) scores.add_(mask.view({batch, 1, tokens, 1, seen}));
  const auto weights = scores.scalar_type() == torch::kBFloat16
                           ? torch::softmax(scores, -1, torch::kFloat32).to(torch::kBFloat16)
                           : torch::softmax(scores, -1);
  return torch::matmul(weights.view({batch, kv_heads, tokens * group, seen}), v)
      .view({batch, kv_heads, tokens, group, dim})
      .transpose(1, 2)
      .reshape({batch, tokens, heads * dim});
}

torch::Tensor additive_mask(const torch::Tensor& allowed, torch::Dtype dtype) {
  return torch::zeros(allowed.sizes(), allowed.options().dtype(dtype))
      .masked_fill_(allowed.logical_not(), kMasked);
}

torch::Tensor position_embedding(const torch::Tensor& t, int width, double min_period,
                                 double max_period) {
  const auto options = t.options().dtype(torch::kFloat64);
  const auto fraction = torch::linspace(0, 1, width / 2, options);
  const auto period = min_period * torch::pow(max_period / min_period, fraction);
  const auto angle = t.to(torch::kFloat64).unsqueeze(-1) * (2 * std::numbers::pi / period);
  return torch::cat({angle.sin(), angle.cos()}, -1).to(t.scalar_type());
}

}  // namespace gyre::model
