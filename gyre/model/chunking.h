#pragma once

#include <string>
#include <vector>

#include "gyre/model/policy.h"

// Real-time chunking: a new chunk that agrees with the actions of the last one that are carried out
// while it is computed. Chunks are normalised, [B, H, A]; `previous` [B, H', A'] is what is left of
// the last one, its first action the one that is due now; missing actions and dimensions are zeros.
namespace gyre::model {

// How firmly the actions after the frozen ones hold to the previous chunk; names as LeRobot's.
enum class PrefixSchedule { kZeros, kOnes, kLinear, kExp };

// Guidance of any flow policy (Black et al. 2025), as LeRobot computes it.
struct GuidedChunking {
  int delay = 0;  // actions that will have been carried out when the chunk is there
  int execution_horizon = 10;
  double max_weight = 10;
  PrefixSchedule schedule = PrefixSchedule::kLinear;
};

// The weight of each of `horizon` actions: 1 for the first `delay`, 0 from `end` on.
std::vector<double> prefix_weights(PrefixSchedule schedule, int delay, int end, int horizon);

// As Policy::sample, each step's velocity drawn towards `previous`.
torch::Tensor sample_guided(const Policy& policy, const KvCache& cache, const torch::Tensor& state,
                            const torch::Tensor& noise, int steps, const torch::Tensor& previous,
                            const GuidedChunking& chunking);

// As Policy::sample, for a policy that was trained with the first actions given (a time per
// action): the first `delay` actions are those of `previous`.
torch::Tensor sample_continued(const Policy& policy, const KvCache& cache,
                               const torch::Tensor& state, const torch::Tensor& noise, int steps,
                               const torch::Tensor& previous, int delay);

}  // namespace gyre::model
