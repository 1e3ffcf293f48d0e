#include "gyre/train/optimizer.h"

#include <cmath>

namespace gyre::train {

Optimizer::Optimizer(torch::Tensor value, torch::Tensor average)
    : value(std::move(value)),
      average(std::move(average)),
      first_moment(torch::zeros_like(this->value)),
      second_moment(torch::zeros_like(this->value)) {}

double Optimizer::step(const AdamConfig& config, const torch::Tensor& gradient, int64_t step,
                       double learning_rate, double average_decay) {
  const torch::NoGradGuard no_gradients;
  const double norm = gradient.norm().item<double>();
  if (!std::isfinite(norm)) return norm;
  if (norm > config.clip) gradient.mul_(config.clip / norm);

  const double count = static_cast<double>(step + 1);
  const double first_bias = 1 - std::pow(config.beta1, count);
  const double second_bias = 1 - std::pow(config.beta2, count);
  first_moment.lerp_(gradient, 1 - config.beta1);
  second_moment.mul_(config.beta2).addcmul_(gradient, gradient, 1 - config.beta2);
  const auto scale = (second_moment / second_bias).sqrt_().add_(config.epsilon);
  value.mul_(1 - learning_rate * config.weight_decay);
  value.addcdiv_(first_moment, scale, -learning_rate / first_bias);
  average.lerp_(value, 1 - average_decay);
  return norm;
}

}  // namespace gyre::train
