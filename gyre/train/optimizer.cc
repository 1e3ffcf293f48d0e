#include "gyre/train/optimizer.h"

#include <cmath>

namespace gyre::train {

Optimizer::Optimizer(const AdamConfig& config, torch::Tensor value)
    : config_(config),
      value_(std::move(value)),
      first_(torch::zeros_like(value_)),
      second_(torch::zeros_like(value_)),
      average_(value_.detach().clone()) {}

double Optimizer::step(const torch::Tensor& gradient, int64_t step, double learning_rate,
                       double average_decay) {
  const torch::NoGradGuard no_gradients;
  const double norm = gradient.norm().item<double>();
  if (!std::isfinite(norm)) return norm;
  if (norm > config_.clip) gradient.mul_(config_.clip / norm);

  const double count = static_cast<double>(step + 1);
  const double first_bias = 1 - std::pow(config_.beta1, count);
  const double second_bias = 1 - std::pow(config_.beta2, count);
  first_.lerp_(gradient, 1 - config_.beta1);
  second_.mul_(config_.beta2).addcmul_(gradient, gradient, 1 - config_.beta2);
  const auto scale = (second_ / second_bias).sqrt_().add_(config_.epsilon);
  value_.mul_(1 - learning_rate * config_.weight_decay);
  value_.addcdiv_(first_, scale, -learning_rate / first_bias);
  average_.lerp_(value_, 1 - average_decay);
  return norm;
}

}  // namespace gyre::train
