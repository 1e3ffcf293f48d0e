#pragma once

#include "gyre/model/policy.h"
#include "gyre/policy/action_tokens.h"
#include "gyre/train/batch.h"
#include "gyre/train/config.h"

namespace gyre::train {

// Sums over rows; divide by the rows of the whole batch.
struct Losses {
  double flow = 0;
  double grounding = 0;
  double text = 0;
  double text_rows = 0;
  double words = 0;  // of actions; divide by the `words` that learn() was given

  Losses& operator+=(const Losses& other);
  bool finite() const;
};

// One worker's copy of the network, and what it does with its share of a batch. One thread at a
// time; several replicas may work side by side.
class Replica {
 public:
  // Copies those of the weights that are `trained`, and shares the others where it can.
  // `recompute`: Policy::recompute_in_backward().
  Replica(const ModelConfig& config, const model::Parameters& weights, torch::Device device,
          torch::Dtype dtype, const model::TensorFilter& trained = model::every_tensor,
          bool recompute = false);

  // Leaves in gradient() that of
  //   (flow + grounding_weight grounding) / rows + text_weight text / text_rows
  //   + fast_weight actions' words / words
  // over this share, where `rows` and `text_rows` count the whole batch, and `words` adds up its
  // PrefixRows::share (0: rows). A policy without an expert has no flow, and its words' weight
  // is 1.
  Losses learn(const Batch& batch, const TrainConfig& config, int rows, int text_rows,
               double words = 0);

  // Mean absolute error of chunks sampled from the first of the batch's noises, its given actions
  // given, or said in `words`, in normalised units: the sum over rows, each weighted by
  // Batch::weight.
  double chunk_error(const Batch& batch, const ActionTokens* words = nullptr) const;

  // Rows whose answer is the likeliest at each of its tokens, given those before.
  int answers_right(const PrefixRows& rows) const;

  model::Parameters& parameters() { return parameters_; }
  torch::Tensor& value() { return flat_.value; }
  torch::Tensor& gradient() { return flat_.gradient; }

 private:
  model::PrefixInput input(const PrefixRows& rows) const;
  torch::Tensor floats(const std::vector<float>& values, torch::IntArrayRef shape) const;
  torch::Tensor given(const Batch& batch) const;
  torch::Tensor grounding_loss(const torch::Tensor& output, const PrefixRows& rows) const;
  torch::Tensor text_loss(const torch::Tensor& hidden, const model::PrefixInput& input,
                          const PrefixRows& rows) const;
  torch::Tensor said_chunks(const Batch& batch, const ActionTokens& words) const;

  ModelConfig config_;
  torch::Device device_;
  torch::Dtype dtype_;
  model::Parameters parameters_;
  model::Parameters::Flat flat_;
  model::Policy policy_;
};

}  // namespace gyre::train
