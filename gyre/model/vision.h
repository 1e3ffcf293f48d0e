#pragma once

#include <vector>

#include "gyre/model/layers.h"
#include "gyre/model/recompute.h"

namespace gyre::model {

// The vision network's result for all cameras.
struct VisionOutput {
  torch::Tensor tokens;     // [B, cameras, token_count, language width]
  torch::Tensor grounding;  // [B, cameras, named things, 3]: x, y in -1..1 of the picture (x right,
                            // y down), logit of "it is in the picture"; undefined without the head
};

// SigLIP's vision transformer and the projector (Zhai et al. 2023; PaliGemma), one token a patch.
class SiglipTower {
 public:
  SiglipTower(const ModelConfig& config, const Parameters& parameters);

  torch::Tensor embed(const torch::Tensor& images) const;  // [N, 3, S, S] -> [N, patches, W]
  torch::Tensor layer(int index, const torch::Tensor& x) const;
  torch::Tensor normal(const torch::Tensor& x) const;       // post_layernorm
  torch::Tensor tokens(const torch::Tensor& images) const;  // [N, patches, language width]
  void recompute_in_backward(bool recompute) { recompute_ = recompute; }  // see Stream

  // Tokens of the newest picture that saw the older ones (MEM, arXiv 2603.03596, as LeRobot): every
  // `every`-th layer attends over time before it attends over places.
  //   frames [N, T, 3, S, S], oldest first; valid [N, T] bool -> [N, patches, language width]
  torch::Tensor tokens_with_memory(const torch::Tensor& frames, const torch::Tensor& valid,
                                   int every) const;

 private:
  torch::Tensor layer_in_time(int index, const torch::Tensor& x, const torch::Tensor& mask) const;
  struct Layer {
    LayerNorm norm1, norm2;
    Linear q, k, v, out, fc1, fc2;
  };
  VisionConfig config_;
  Linear patch_;  // [W, 3 * patch * patch]
  torch::Tensor position_;
  std::vector<Layer> layers_;
  LayerNorm norm_;
  Linear projector_;
  bool recompute_ = false;
};

// Strided 3x3 convolutions (the first two halve the picture), each modulated by the instruction
// (FiLM, Perez et al. 2018), shared by all cameras but for a learnt vector per camera beside the
// instruction; maps whose spatial soft-arg-max gives keypoints (Finn et al. 2016), and linear maps
// of all keypoints of a camera: few tokens that each see the whole picture.
class KeypointStem {
 public:
  KeypointStem(const ModelConfig& config, const Parameters& parameters);

  // images [B, cameras, 3, S, S]; words [B, L, language width] embedded prompt, word_mask [B, L].
  VisionOutput operator()(const torch::Tensor& images, const torch::Tensor& words,
                          const torch::Tensor& word_mask) const;

 private:
  // [B, cameras, sum over layers of 2 * channels]
  torch::Tensor modulation(const torch::Tensor& all_words, const torch::Tensor& all_masks) const;

  VisionConfig config_;
  int cameras_;
  Linear word_, film_;
  torch::Tensor word_position_, camera_;
  struct Convolution {
    torch::Tensor weight, bias;
    int stride;
  };
  std::vector<Convolution> convolutions_;
  Linear map_, tokens_, grounding_;
};

}  // namespace gyre::model
