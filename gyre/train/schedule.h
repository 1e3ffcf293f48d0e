#pragma once

#include "gyre/train/config.h"

namespace gyre::train {

// The learning rate of a step (0 is the first) of `total_steps`, which is also where the cosine
// ends; it may be an estimate when a run is limited by time.
//   openpi    linear from peak / (warmup + 1) to the peak, then a cosine over what is left
//   lerobot   the same warm-up, but the cosine counts from step 0: a little below the peak after it
//   constant  the warm-up, then the peak
double learning_rate(const ScheduleConfig& config, double step, double total_steps);

// The weight that the moving average keeps at a step: 1 - (1 + step)^(-3/4), at most `largest`, so
// that short runs are not averages of their beginnings.
double ema_decay(double largest, double step);

}  // namespace gyre::train
