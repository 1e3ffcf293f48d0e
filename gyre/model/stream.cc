#include "gyre/model/stream.h"

#include "gyre/model/fused.h"

namespace gyre::model {
namespace {

// [B, T, W] -> [B, C, T / C, W], the tokens of each of C conditions together.
torch::Tensor by_condition(const torch::Tensor& x, const torch::Tensor& condition) {
  return x.view({x.size(0), condition.size(1), -1, x.size(2)});
}

}  // namespace

torch::Tensor KvCache::lengths() const { return valid.sum(-1); }

Stream::Stream(const GemmaConfig& config, const Parameters& parameters, const std::string& name,
               bool adaptive)
    : config_(config), adaptive_(adaptive) {
  for (int i = 0; i < config.depth; ++i) {
    const auto layer = name + ".layers." + std::to_string(i) + ".";
    const auto linear = [&](const char* part) { return Linear(parameters, layer + part, false); };
    layers_.push_back({make_norm(parameters, layer + "input_layernorm"),
                       make_norm(parameters, layer + "post_attention_layernorm"),
                       linear("self_attn.q_proj"), linear("self_attn.k_proj"),
                       linear("self_attn.v_proj"), linear("self_attn.o_proj"),
                       linear("mlp.gate_proj"), linear("mlp.up_proj"), linear("mlp.down_proj")});
  }
  norm_ = make_norm(parameters, name + ".norm");
}

Stream::Norm Stream::make_norm(const Parameters& parameters, const std::string& name) const {
  if (adaptive_) return {{}, Linear(parameters, name + ".dense", true)};
  return {parameters.at(name + ".weight"), {}};
}

Stream::Normed Stream::apply(const Norm& norm, const torch::Tensor& x,
                             const torch::Tensor& condition) const {
  if (!adaptive_) return {rms_modulate(x, norm.weight.unsqueeze(0), {}), {}};
  const auto parts = norm.dense(condition).chunk(3, -1);  // [B, C, W] each
  return {rms_modulate(x, parts[0].flatten(0, 1), parts[1].flatten(0, 1)),
          parts[2].unsqueeze(2).to(x.scalar_type())};
}

Stream::Output Stream::operator()(const Input& input, bool want_hidden) const {
  const int64_t batch = input.x.size(0), tokens = input.x.size(1), dim = config_.head_dim;
  const auto dtype = layers_.front().q.weight.scalar_type();
  const Rotary rotary(input.positions, config_.head_dim, dtype);
  const auto mask = additive_mask(input.allowed, dtype);
  const auto heads = [&](const torch::Tensor& y) { return y.view({batch, tokens, -1, dim}); };
  const auto add = [&](const torch::Tensor& x, const torch::Tensor& y, const torch::Tensor& gate) {
    if (!gate.defined()) return x + y;
    return torch::addcmul(by_condition(x, input.condition), by_condition(y, input.condition), gate)
        .view(x.sizes());
  };

  Output output;
  auto x = input.x.to(dtype);
  for (size_t i = 0; i < layers_.size(); ++i) {
    const auto& layer = layers_[i];
    const auto in = apply(layer.input_norm, x, input.condition);
    auto k = rotary(heads(layer.k(in.x))).transpose(1, 2);  // [B, kv_heads, T, D]
    auto v = heads(layer.v(in.x)).transpose(1, 2);
    output.keys.push_back(k);
    output.values.push_back(v);
    if (!want_hidden && i + 1 == layers_.size()) return output;
    if (input.past) {
      k = torch::cat({input.past->keys[i], k}, 2);
      v = torch::cat({input.past->values[i], v}, 2);
    }
    x = add(x, layer.o(attention(rotary(heads(layer.q(in.x))), k, v, mask)), in.gate);

    const auto post = apply(layer.post_norm, x, input.condition);
    const auto inner = gelu_product(layer.gate(post.x), layer.up(post.x));
    x = add(x, layer.down(inner), post.gate);
  }
  output.hidden = apply(norm_, x, input.condition).x;
  return output;
}

}  // namespace gyre::model
