#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "gyre/policy/checkpoint.h"
#include "gyre/train/config.h"
#include "gyre/train/mixture.h"

namespace gyre::train {

struct TrainResult {
  int64_t steps = 0;         // over all resumed runs
  double minutes = 0;        // the same
  double samples_per_s = 0;  // observations, of this run
  double loss = 0;           // of the flow (π0-FAST: of the words), of the last metrics
  std::optional<double> held_out_error;  // of sampled chunks, mean absolute, normalised units
  bool stopped = false;                  // by Ctrl-C before its end
};

// Whether `out` holds a training run that a later call may resume.
bool holds_run(const std::filesystem::path& out);

enum class IfExists { kRefuse, kResume };

// Trains a policy and leaves it in `out`, a checkpoint folder that is whole at any time:
//   model.safetensors ...  the moving average of the weights: what is evaluated and served
//   metrics.jsonl, events/ loss, flow, grounding, text, learning_rate, gradient_norm,
//   samples_per_s,
//                          minutes; held_out_error (TensorBoard reads events/)
//   training/              optimiser and step: what a later call goes on from, exactly
//
// `start` is an opened checkpoint folder to go on learning from, or (no folder) a configuration and
// a tokenizer to train from nothing. Statistics of embodiments that it knows are kept, others are
// computed from the data; its `about` is kept, and gains "training" (configuration, steps, parent).
// Ctrl-C (core/stop_signal.h) saves and returns. Throws Error: data that does not fit the policy,
// `out` that holds a run already (kRefuse) or one of another network (kResume), a full disk.
TrainResult train(const TrainConfig& config, Checkpoint start, std::vector<Source> sources,
                  const std::filesystem::path& out, IfExists if_exists = IfExists::kRefuse);

}  // namespace gyre::train
