#pragma once

#include <vector>

#include "gyre/model/layers.h"
#include "gyre/model/recompute.h"

namespace gyre::model {

// Keys (after the rotary embedding) and values of every layer, and which tokens they belong to.
struct KvCache {
  std::vector<torch::Tensor> keys, values;  // per layer [B, kv_heads, S, head_dim]
  torch::Tensor valid;                      // [B, S] bool

  torch::Tensor lengths() const;  // [B] int64: valid tokens, the position of the next one
  KvCache detached() const;       // what attends to it sends no gradient back
};

// One Gemma stream: the language model, or the action expert that attends to the language model's
// keys and values. Norms are RMS with a stored offset, or, with `adaptive`, their scale, shift and
// gate come from a condition (adaRMS).
class Stream {
 public:
  // Tensors "<name>.layers.{i}..." and "<name>.norm...".
  Stream(const GemmaConfig& config, const Parameters& parameters, const std::string& name,
         bool adaptive);

  struct Input {
    torch::Tensor x;           // [B, T, W]; computed in the type of the projections
    torch::Tensor positions;   // [B, T] int64
    torch::Tensor allowed;     // [B, T, S + T] bool: who sees whom; S tokens of `past`, then these
    torch::Tensor condition;   // [B, C, W] when adaptive: one for each run of T / C tokens;
    torch::Tensor which = {};  // or, with this, [U, W]: the index [B, T] of each token's condition
    const KvCache* past = nullptr;
  };
  struct Output {
    torch::Tensor hidden;                     // [B, T, W] after the final norm, or undefined
    std::vector<torch::Tensor> keys, values;  // of these tokens alone, per layer
  };
  // Without `want_hidden` the last layer stops at its keys and values.
  Output operator()(const Input& input, bool want_hidden) const;

  // Layers keep their inputs alone for backward() and run again there (recompute.h).
  void recompute_in_backward(bool recompute) { recompute_ = recompute; }

 private:
  struct Norm {
    torch::Tensor weight;  // plain
    Linear dense;          // adaptive
  };
  struct Normed {
    torch::Tensor x, gate;  // gate undefined when plain
  };
  struct Layer {
    Norm input_norm, post_norm;
    Linear q, k, v, o, gate, up, down;
  };
  Norm make_norm(const Parameters& parameters, const std::string& name) const;
  LayerOutputs run_layer(const Layer& layer, const LayerInputs& inputs, const torch::Tensor& which,
                         const Rotary& rotary, const torch::Tensor& mask, bool want_hidden) const;
  Normed apply(const Norm& norm, const torch::Tensor& x, const torch::Tensor& condition,
               const torch::Tensor& which) const;

  GemmaConfig config_;
  bool adaptive_, recompute_ = false;
  std::vector<Layer> layers_;
  Norm norm_;
};

}  // namespace gyre::model
