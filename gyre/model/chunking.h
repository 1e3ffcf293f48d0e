#pragma once

#include "gyre/model/policy.h"
#include "gyre/policy/real_time_chunking.h"

// Real-time chunking: a new chunk that agrees with the actions of the last one that are carried out
// while it is computed. Chunks are normalised, [B, H, A]; `previous` [B, H', A'] is what is left of
// the last one, its first action the one that is due now; missing actions and dimensions are zeros.
namespace gyre::model {

// As Policy::sample, each step's velocity drawn towards `previous`.
torch::Tensor sample_guided(const Policy& policy, const KvCache& cache, const torch::Tensor& state,
                            const torch::Tensor& noise, int steps, const torch::Tensor& previous,
                            const GuidedChunking& chunking);

// As Policy::sample, for a policy that was trained with the first actions given (a time per
// action): the first `given` [B] int64 actions of a chunk are those of `previous`.
torch::Tensor sample_continued(const Policy& policy, const KvCache& cache,
                               const torch::Tensor& state, const torch::Tensor& noise, int steps,
                               const torch::Tensor& previous, const torch::Tensor& given);

// [B, H] bool: the first `given` [B] of `horizon` actions.
torch::Tensor leading(const torch::Tensor& given, int64_t horizon);

}  // namespace gyre::model
