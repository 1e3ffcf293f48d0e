#pragma once

#include <span>
#include <string>
#include <vector>

#include "gyre/infer/cpu/kv_cache.h"
#include "gyre/infer/cpu/workspace.h"
#include "gyre/policy/model_config.h"

namespace gyre::infer::cpu {

// Cosines and sines of rotary positions 0 .. count, [count, head_dim / 2] each (half-split
// convention, theta 10000, angles in float32 as the reference implementations compute them).
struct Rotary {
  Rotary(int head_dim, int count);
  int half;
  std::vector<float> cosine, sine;
};

// Tokens of one robot among the rows of a batch.
struct Part {
  int first_row = 0, rows = 0;
  int position = 0;               // of its first token
  const KvCache* past = nullptr;  // keys and values of the tokens before, or null
  KvCache* own = nullptr;         // receives its keys and values
};

// Scale, shift and gate of every norm of an adaptive stream, [rows, norms, 3, W]: one row for all
// tokens (`per_token` false) or one for each.
struct Modulation {
  const float* data = nullptr;
  int64_t row_stride = 0;  // 0: one for all
};

// One Gemma stream, the language model or the action expert; the graph of gyre/model/stream.h.
class Stream {
 public:
  Stream(const Machine& machine, const StoredTensors& tensors, const GemmaConfig& config,
         const std::string& name, bool adaptive);

  const GemmaConfig& config() const { return config_; }
  int norms() const { return 2 * config_.depth + 1; }

  // x [rows, W] of all parts, in place; keys and values into each part's own cache, which has its
  // shape. Without `whole` the last layer stops at its keys and values: nothing reads the rest.
  // With `first_alone` the first token, the state, attends to earlier tokens and itself, not to the
  // actions.
  void run(std::span<const Part> parts, const Rotary& rotary, const Modulation& modulation,
           bool whole, bool first_alone, float* x, Workspace& work) const;

  // Before a product that follows the last norm.
  RowTransform last_norm(const Modulation& modulation) const;
  // The last norm's weight w where it is not adaptive: it multiplies by 1 + w.
  const std::vector<float>& last_gain() const { return gains_.back(); }

  // Modulation of `count` conditions [count, W] -> [count, norms, 3, W], in float32: few numbers
  // that scale everything. Flow times are few, so that its matrices (116 million weights of π0.5)
  // are read from `tensors` each time and not kept.
  void modulate(const StoredTensors& tensors, const float* conditions, int count, float* to,
                Workspace& work) const;

 private:
  struct Layer {
    Matrix kvq, out, gate_up, down;
  };
  RowTransform norm(int index, const Modulation& modulation) const;
  void attend(int layer, std::span<const Part> parts, bool first_alone, Workspace& work) const;

  Machine machine_;
  GemmaConfig config_;
  std::string name_;
  bool adaptive_;
  std::vector<Layer> layers_;
  std::vector<std::vector<float>> gains_;  // not adaptive: of every norm
};

}  // namespace gyre::infer::cpu
