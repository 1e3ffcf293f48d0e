#pragma once

#include <span>
#include <vector>

#include "gyre/infer/cpu/workspace.h"
#include "gyre/policy/model_config.h"

namespace gyre::infer::cpu {

// The instruction-modulated convolution of nano (gyre/model/vision.h, KeypointStem), in float32
// whatever the policy's precision: its rows are many and its weights few.
class Keypoints {
 public:
  Keypoints(const Machine& machine, const StoredTensors& tensors, const ModelConfig& config);

  // One robot's picture [3, S, S] of camera slot `camera`, seen with the embedded prompt
  // [count, W] -> [config.tokens, W].
  void run(const float* picture, int camera, const float* prompt, int count, float* tokens,
           Workspace& work) const;

 private:
  struct Convolution {
    Matrix weights;  // [out, 9 in], ordered by place, then channel
    int in = 0, out = 0, stride = 1;
  };
  // The instruction's scales and shifts of every convolution, into `to`.
  void modulation(int camera, const float* prompt, int count, float* to, Workspace& work) const;

  Machine machine_;
  VisionConfig config_;
  int width_;
  Matrix word_, film_, map_;
  std::vector<Matrix> tokens_;  // of each camera
  std::vector<float> word_position_, camera_;
  std::vector<Convolution> convolutions_;
};

}  // namespace gyre::infer::cpu
