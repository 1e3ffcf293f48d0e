#pragma once

#include "gyre/model/torch.h"
#include "gyre/train/config.h"

namespace gyre::train {

// AdamW with clipping by the whole gradient's norm, and the moving average of the weights, over one
// flat buffer [n] each (Parameters::flatten).
class Optimizer {
 public:
  // `value` float32; it is changed in place by step().
  Optimizer(const AdamConfig& config, torch::Tensor value);

  // `gradient` [n] float32 is used up. `step` counts from 0. Returns the gradient's norm before
  // clipping; a non-finite one changes nothing.
  double step(const torch::Tensor& gradient, int64_t step, double learning_rate,
              double average_decay);

  const torch::Tensor& value() const { return value_; }
  const torch::Tensor& first_moment() const { return first_; }
  const torch::Tensor& second_moment() const { return second_; }
  const torch::Tensor& average() const { return average_; }

 private:
  AdamConfig config_;
  torch::Tensor value_, first_, second_, average_;
};

}  // namespace gyre::train
