#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/config.h"
#include "gyre/train/mixture.h"

namespace gyre::train {

struct TrainResult {
  int64_t steps = 0;          // over all resumed runs
  double minutes = 0;         // the same
  double samples_per_s = 0;   // observations, of this run
  double loss = 0;            // of the flow (π0-FAST: of the words; tune text: of the subtasks)
  int64_t skipped_steps = 0;  // of this run: their loss or gradient was not finite
  std::optional<double> held_out_error;     // of sampled chunks, mean absolute, normalised units
  std::map<int, double> continued_errors;   // the same by the number of actions given, above 0
  std::optional<double> held_out_thoughts;  // share of subtasks that are named rightly, held out
  bool stopped = false;                     // by Ctrl-C before its end
};

// Training that diverged: the weights are not finite any more.
class Diverged : public Error {
 public:
  using Error::Error;
};

// Whether `out` holds a training run that a later call may resume.
bool holds_run(const std::filesystem::path& out);

enum class IfExists { kRefuse, kResume };

// Trains a policy and leaves it in `out`, a checkpoint folder that is whole at any time:
//   model.safetensors ...  the moving average of the weights: what is evaluated and served
//   metrics.jsonl, events/ loss, flow, grounding, text, learning_rate, gradient_norm,
//                          samples_per_s, minutes, skipped_steps; held_out_error, and with
//                          continue.max_delay held_out_error_delay_N with N actions given;
//                          held_out_thoughts, the share of held-out subtasks named rightly
//                          (TensorBoard reads events/)
//   training/              optimiser and step: a later call resumes from them exactly
//
// `start` is an opened checkpoint folder to learn on from, or (no folder) a configuration and a
// tokenizer to train from nothing. Statistics of embodiments that it knows are kept, others are
// computed from the data. Its `about` is kept and gains "training" (configuration, steps, parent)
// and in "data" every dataset learnt from, with its content hash. Ctrl-C (core/stop_signal.h) saves
// and returns. Throws Error: data that does not fit the policy, `out` that holds a run already
// (kRefuse) or one of another network (kResume), a full disk, training that diverged.
//
// A step whose loss or gradient is not finite is skipped and counted: weights, moments and average
// stay as they are, and the next step draws other rows. A run never ends on a skipped step. 20
// skipped in a row, or a held-out error that is not finite, mean that the weights have diverged.
// Then the state of the last save (of the start, if there was none) is restored and saved with the
// present step and minutes, and Diverged is thrown. A rerun therefore goes on from good weights
// with other rows, and a limit of steps or minutes is reached after a finite number of reruns.
TrainResult train(const TrainConfig& config, Checkpoint start, std::vector<Source> sources,
                  const std::filesystem::path& out, IfExists if_exists = IfExists::kRefuse);

}  // namespace gyre::train
