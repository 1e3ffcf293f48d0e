#include "gyre/model/stream.h"

#include "gyre/model/fused.h"

namespace gyre::model {
torch::Tensor KvCache::lengths() const { return valid.sum(-1); }

KvCache KvCache::detached() const {
  KvCache copy{.valid = valid};
  for (const auto& key : keys) copy.keys.push_back(key.detach());
  for (const auto& value : values) copy.values.push_back(value.detach());
  return copy;
}

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
                             const torch::Tensor& condition, const torch::Tensor& which) const {
  if (!adaptive_) return {rms_modulate(x, norm.weight.unsqueeze(0), {}), {}};
  auto modulation = norm.dense(condition);
  if (which.defined()) modulation = torch::embedding(modulation, which);
  const auto parts = modulation.chunk(3, -1);  // [B, C, W] each; C = T with `which`
  return {rms_modulate(x, parts[0].flatten(0, 1), parts[1].flatten(0, 1)),
          parts[2].unsqueeze(2).to(x.scalar_type())};
}

// x [B, T, W], condition, and the keys and values of what stands before -> x, and the keys and
// values of these tokens. `rotary` and `mask` are those of these tokens.
LayerOutputs Stream::run_layer(const Layer& layer, const LayerInputs& inputs,
                               const torch::Tensor& which, const Rotary& rotary,
                               const torch::Tensor& mask, bool want_hidden) const {
  const auto& [x, condition, past_keys, past_values] = inputs;
  const int64_t batch = x.size(0), tokens = x.size(1), dim = config_.head_dim;
  const auto heads = [&](const torch::Tensor& y) { return y.view({batch, tokens, -1, dim}); };
  const auto add = [&](const torch::Tensor& to, const torch::Tensor& y, const torch::Tensor& gate) {
    if (!gate.defined()) return to + y;
    const auto runs = [&](const torch::Tensor& z) {  // the tokens of each condition together
      return z.view({batch, gate.size(1), -1, z.size(2)});
    };
    return torch::addcmul(runs(to), runs(y), gate).view(to.sizes());
  };

  const auto in = apply(layer.input_norm, x, condition, which);
  const auto own_keys = rotary(heads(layer.k(in.x))).transpose(1, 2);  // [B, kv_heads, T, D]
  const auto own_values = heads(layer.v(in.x)).transpose(1, 2);
  if (!want_hidden) return {torch::Tensor(), own_keys, own_values};
  auto keys = own_keys, values = own_values;
  if (past_keys.defined()) {
    keys = torch::cat({past_keys, keys}, 2);
    values = torch::cat({past_values, values}, 2);
  }
  const auto seen =
      add(x, layer.o(attention(rotary(heads(layer.q(in.x))), keys, values, mask)), in.gate);
  const auto post = apply(layer.post_norm, seen, condition, which);
  const auto inner = gelu_product(layer.gate(post.x), layer.up(post.x));
  return {add(seen, layer.down(inner), post.gate), own_keys, own_values};
}

Stream::Output Stream::operator()(const Input& input, bool want_hidden) const {
  const auto dtype = layers_.front().q.weight.scalar_type();
  const Rotary rotary(input.positions, config_.head_dim, dtype);
  const auto mask = additive_mask(input.allowed, dtype);
  Output output;
  auto x = input.x.to(dtype);
  for (size_t i = 0; i < layers_.size(); ++i) {
    const auto& layer = layers_[i];
    const bool whole = want_hidden || i + 1 < layers_.size();
    LayerInputs inputs = {x, input.condition, {}, {}};
    if (input.past != nullptr) {
      inputs[2] = input.past->keys[i];
      inputs[3] = input.past->values[i];
    }
    const auto body = [=, this](const LayerInputs& given) {
      return run_layer(layers_[i], given, input.which, rotary, mask, whole);
    };
    const bool learns = layer.q.weight.requires_grad() || layer.q.a.defined() || x.requires_grad();
    const LayerOutputs outputs = recompute_ && learns && whole && torch::GradMode::is_enabled()
                                     ? recompute_later(body, inputs)
                                     : body(inputs);
    x = outputs[0];
    output.keys.push_back(outputs[1]);
    output.values.push_back(outputs[2]);
  }
  if (want_hidden) output.hidden = apply(norm_, x, input.condition, input.which).x;
  return output;
}

}  // namespace gyre::model
