#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "gyre/infer/cpu/keypoints.h"
#include "gyre/infer/cpu/siglip.h"
#include "gyre/infer/cpu/stream.h"
#include "gyre/policy/real_time_chunking.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre::infer::cpu {

// One robot's input (PolicyInput of gyre/policy/adapter.h).
struct NetworkInput {
  const float* images = nullptr;        // [cameras, 3, S, S], -1 .. 1
  std::span<const uint8_t> image_mask;  // [cameras]
  std::span<const int> tokens;          // of the prompt, without padding
  // Picture tokens that need not be computed: for each camera [token_count, W] or null; or empty.
  std::span<const float* const> known = {};
  float* keep = nullptr;  // [cameras, token_count, W] or null: receives the picture tokens
};

// The network's result: keys and values of pictures and prompt. Masked cameras and padding are not
// computed; nothing reads them.
struct EncodedInput {
  KvCache cache;
  std::vector<float> last_hidden;  // [W], of the prompt's last token; with Reads::kText only
  int tokens() const { return cache.tokens(); }
};

// All mutable state of a call.
struct NetworkWorkspace : Workspace {
  using Workspace::Workspace;
  Aligned<float> embeddings, pictures, suffix, state_token, velocity, logits;
  std::vector<KvCache> own;  // of the actions, one a robot
  std::vector<Part> parts;
  std::vector<int> given;                  // leading actions that are fixed, one count a robot
  std::vector<const float*> picture_list;  // pictures whose tokens must be computed
  std::vector<float*> picture_rows;        // where their tokens go
};

// The previous chunk's remaining actions [actions, width], normalised, the first one due now;
// missing actions and dimensions are zeros.
struct Previous {
  const float* data = nullptr;
  int actions = 0, width = 0;
};

// The reader of an encoded input.
enum class Reads {
  kFlow,  // the action expert: the last layer stops at its keys and values
  kText,  // continue_text(): the last layer is computed too
};

struct FlowOptions {
  int steps = 10;
  std::span<const Previous> previous;    // one a robot, or none
  std::optional<GuidedChunking> guided;  // else the first `delay` actions are given (trained)
  int delay = 0;
};

// The π0 / π0.5 graph (gyre/model/policy.h) on this processor. Const and safe from several threads,
// each with a workspace of its own. No memory is allocated once a workspace has seen its largest
// call.
class Network {
 public:
  // Throws Error. `tensors` stays mapped: word embeddings are read from it.
  Network(const Machine& machine, const ModelConfig& config, StoredTensors tensors);

  const ModelConfig& config() const { return config_; }
  const Machine& machine() const { return machine_; }

  void encode(std::span<const NetworkInput> inputs, std::span<EncodedInput* const> encoded,
              NetworkWorkspace& work, Reads reads = Reads::kFlow) const;
  // Whether a picture's tokens depend on the prompt (nano's keypoint stem).
  bool pictures_hear_prompt() const { return keypoints_.has_value(); }

  // The flow's velocity at x [B, H, A] for one time of all actions -> [B, H, A]; states [B,
  // max_state_dim], normalised.
  void velocity(std::span<const EncodedInput* const> encoded, const float* states, const float* x,
                float t, float* v, NetworkWorkspace& work) const;

  // Euler from noise [B, H, A], in place, to actions.
  void sample(std::span<const EncodedInput* const> encoded, const float* states, float* x,
              const FlowOptions& options, NetworkWorkspace& work) const;

  // Greedy continuation of an encoded prompt (Reads::kText), up to `max_tokens` or (not included)
  // `eos`.
  std::vector<int> continue_text(const EncodedInput& prompt, int max_tokens, int eos,
                                 NetworkWorkspace& work) const;

 private:
  // The network's conditions at some flow times: for each the modulation of every norm (adaRMS), or
  // the term that the time adds to the actions' input layer (π0).
  struct Times {
    std::vector<float> t, data;
    int64_t row = 0;  // numbers of one time
  };
  Times make_times(std::vector<float> t) const;
  const Times& grid(int steps) const;  // that of Euler's steps, and 0

  void embed_words(std::span<const int> tokens, float* to) const;
  // Tokens of all pictures that are there, into the rows of each robot.
  void embed_pictures(std::span<const NetworkInput> inputs, NetworkWorkspace& work) const;
  void state_tokens(const float* states, int count, NetworkWorkspace& work) const;
  // The first work.given[i] actions of robot i have the time of row `given_row`.
  void velocity_at(std::span<const EncodedInput* const> encoded, const Times& times, int row,
                   int given_row, const float* x, float* v, NetworkWorkspace& work) const;
  int best_word(const float* hidden, NetworkWorkspace& work) const;

  Machine machine_;
  ModelConfig config_;
  StoredTensors tensors_;
  const io::TensorView *words_, *head_;
  bool adaptive_, state_token_;
  std::optional<Siglip> siglip_;
  std::optional<Keypoints> keypoints_;
  Stream language_, expert_;
  Matrix action_in_;  // adaRMS: the projection; π0: projection and first time layer in one
  Matrix action_out_, state_, time_in_, time_out_;
  std::vector<float> action_bias_;     // π0: of that first layer
  std::optional<Matrix> word_scores_;  // the text head in int8, where weights are
  Rotary rotary_;
  mutable std::mutex grids_mutex_;
  mutable std::map<int, std::unique_ptr<const Times>> grids_;
};

}  // namespace gyre::infer::cpu
