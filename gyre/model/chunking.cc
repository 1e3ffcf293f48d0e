#include "gyre/model/chunking.h"

#include <algorithm>

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

double time_of(int step, int steps) { return 1 - step / static_cast<double>(steps); }

}  // namespace

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
                               const torch::Tensor& previous, const torch::Tensor& given) {
  if (given.max().item<int64_t>() == 0) return policy.sample(cache, state, noise, steps);
  const auto wanted = padded(previous, noise);
  const auto fixed = leading(given.clamp_max(previous.size(1)), noise.size(1));
  const auto fix = [&](const torch::Tensor& x) {
    return torch::where(fixed.unsqueeze(-1), wanted, x);
  };
  auto x = fix(noise);
  for (int i = 0; i < steps; ++i) {
    const auto t = torch::full({x.size(0), x.size(1)}, time_of(i, steps), x.options());
    x = fix(x - policy.velocity(cache, state, x, t.masked_fill(fixed, 0)) / steps);
  }
  return x;
}

torch::Tensor leading(const torch::Tensor& given, int64_t horizon) {
  return torch::arange(horizon, given.options()) < given.unsqueeze(1);
}

}  // namespace gyre::model
