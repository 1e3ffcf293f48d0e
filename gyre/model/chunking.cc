#include "gyre/model/chunking.h"

#include <algorithm>
#include <cmath>

namespace gyre::model {
namespace {

// Cut or filled with zeros to the shape of `like` [B, H, A].
torch::Tensor padded(const torch::Tensor& previous, const torch::Tensor& like) {
  const int64_t actions = std::min(previous.size(1), like.size(1));
  const int64_t width = std::min(previous.size(2), like.size(2));
  auto whole = torch::zeros_like(like);
  whole.slice(1, 0, actions)
      .slice(2, 0, width)
      .copy_(previous.slice(1, 0, actions).slice(2, 0, width));
  return whole;
}

// Of the guidance at flow time t (1 noise, 0 actions).
double guidance_weight(double t, double most) {
  const double done = 1 - t;
  if (done <= 0) return most;
  return std::min(most, t / done * (t * t + done * done) / (t * t));
}

double time_of(int step, int steps) { return 1 - step / static_cast<double>(steps); }

}  // namespace

std::vector<double> prefix_weights(PrefixSchedule schedule, int delay, int end, int horizon) {
  const int start = std::min(delay, end);
  std::vector<double> weights(horizon, 0.0);
  for (int i = 0; i < std::min(end, horizon); ++i) {
    const double falling = 1 - (i - start + 1) / static_cast<double>(end - start + 1);
    double& weight = weights[i];
    if (i < start || schedule == PrefixSchedule::kOnes) {
      weight = 1;
    } else if (schedule == PrefixSchedule::kLinear) {
      weight = falling;
    } else if (schedule == PrefixSchedule::kExp) {
      weight = falling * std::expm1(falling) / std::expm1(1.0);
    }
  }
  return weights;
}

torch::Tensor sample_guided(const Policy& policy, const KvCache& cache, const torch::Tensor& state,
                            const torch::Tensor& noise, int steps, const torch::Tensor& previous,
                            const GuidedChunking& chunking) {
  const int horizon = static_cast<int>(noise.size(1));
  const int end = std::min(chunking.execution_horizon, static_cast<int>(previous.size(1)));
  const auto weights =
      torch::tensor(prefix_weights(chunking.schedule, chunking.delay, end, horizon),
                    noise.options())
          .view({1, horizon, 1});
  const auto wanted = padded(previous, noise);
  auto x = noise;
  for (int i = 0; i < steps; ++i) {
    const double time = time_of(i, steps);
    const auto t = torch::full({x.size(0)}, time, x.options());
    const auto velocity = policy.velocity(cache, state, x, t);
    const auto error = (wanted - (x - time * velocity)) * weights;
    x = x - (velocity - guidance_weight(time, chunking.max_weight) * error) / steps;
  }
  return x;
}

torch::Tensor sample_continued(const Policy& policy, const KvCache& cache,
                               const torch::Tensor& state, const torch::Tensor& noise, int steps,
                               const torch::Tensor& previous, int delay) {
  const int64_t given = std::min<int64_t>(delay, previous.size(1));
  const auto wanted = padded(previous, noise).slice(1, 0, given);
  auto x = noise.clone();
  for (int i = 0; i < steps; ++i) {
    x.slice(1, 0, given).copy_(wanted);
    auto t = torch::full({x.size(0), x.size(1)}, time_of(i, steps), x.options());
    t.slice(1, 0, given).zero_();
    x = x - policy.velocity(cache, state, x, t) / steps;
  }
  x.slice(1, 0, given).copy_(wanted);
  return x;
}

}  // namespace gyre::model
