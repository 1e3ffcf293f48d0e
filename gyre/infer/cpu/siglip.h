#pragma once

#include <span>
#include <vector>

#include "gyre/infer/cpu/kv_cache.h"
#include "gyre/infer/cpu/workspace.h"
#include "gyre/policy/model_config.h"

namespace gyre::infer::cpu {

// SigLIP's vision transformer and the projector (gyre/model/vision.h), all pictures of a batch in
// one product each.
class Siglip {
 public:
  Siglip(const Machine& machine, const StoredTensors& tensors, const ModelConfig& config);

  int tokens() const { return config_.token_count(); }

  // Pictures [3, S, S] each -> tokens [pictures * tokens, language width].
  void run(std::span<const float* const> pictures, float* tokens, Workspace& work) const;

 private:
  // Either folded into the matrix behind it, or multiplied when rows are packed.
  struct LayerNorm {
    std::vector<float> gain, offset;
    std::vector<float> scale, shift;  // y = norm(x) (1 + scale) + shift
  };
  struct Layer {
    LayerNorm before, between;
    Matrix qkv, out, fc1, fc2;
  };
  LayerNorm load_norm(const StoredTensors& tensors, const std::string& name) const;
  void attend(int pictures, Workspace& work) const;

  Machine machine_;
  VisionConfig config_;
  int language_width_;
  Matrix patch_, projector_;
  std::vector<float> position_;  // [tokens, W]
  std::vector<Layer> layers_;
  LayerNorm last_;
};

}  // namespace gyre::infer::cpu
