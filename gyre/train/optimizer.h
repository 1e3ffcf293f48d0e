#pragma once

#include "gyre/model/torch.h"
#include "gyre/train/config.h"

namespace gyre::train {

// AdamW with clipping by the whole gradient's norm, and the moving average of the weights, over
// flat buffers [n] (Parameters::flatten) in float32 that step() changes in place.
struct Optimizer {
  torch::Tensor value, average, first_moment, second_moment;

  Optimizer(torch::Tensor value, torch::Tensor average);

  // `gradient` [n] is used up. `step` counts from 0. Returns the gradient's norm before clipping; a
  // non-finite one changes nothing.
  double step(const AdamConfig& config, const torch::Tensor& gradient, int64_t step,
              double learning_rate, double average_decay);
};

}  // namespace gyre::train
