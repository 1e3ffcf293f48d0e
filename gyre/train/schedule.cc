#include "gyre/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gyre::train {

double learning_rate(const ScheduleConfig& config, double step, double total_steps) {
  const double warmup = config.warmup_steps;
  if (step < warmup) {
    const double start = config.peak / (warmup + 1);
    return start + (config.peak - start) * step / warmup;
  }
  if (config.kind == "constant") return config.peak;
  const double from = config.kind == "lerobot" ? 0 : warmup;
  const double progress = std::clamp((step - from) / std::max(1.0, total_steps - from), 0.0, 1.0);
  const double cosine = (1 + std::cos(std::numbers::pi * progress)) / 2;
  return config.final + (config.peak - config.final) * cosine;
}

double ema_decay(double largest, double step) {
  return std::min(largest, 1 - std::pow(1 + step, -0.75));
}

}  // namespace gyre::train
