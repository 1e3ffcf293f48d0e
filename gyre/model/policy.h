#pragma once

#include <optional>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/model/stream.h"
#include "gyre/model/vision.h"

namespace gyre::model {

// A batch of observations as the network takes them. B batch, L prompt tokens (any number; padding
// at the end), S the picture's side.
struct PrefixInput {
  torch::Tensor images;      // [B, cameras, 3, S, S] float, -1..1
  torch::Tensor image_mask;  // [B, cameras] bool
  torch::Tensor tokens;      // [B, L] int64
  torch::Tensor token_mask;  // [B, L] bool
  torch::Tensor answer;  // [B, L] bool or undefined: tokens of a text to be predicted. They attend
                         // to everything before them; no other token attends to them
};

// Input of the language stream. P = cameras * token_count + L tokens.
struct Prefix {
  torch::Tensor embeddings;  // [B, P, W]
  torch::Tensor valid;       // [B, P] bool
  torch::Tensor positions;   // [B, P] int64
  torch::Tensor allowed;     // [B, P, P] bool
  torch::Tensor seen_later;  // [B, P] bool: valid and not part of an answer
  torch::Tensor grounding;   // [B, cameras, named things, 3] or undefined: see VisionOutput
};

// Settings for generating text.
struct Decoding {
  int max_tokens = 0;
  int stop = -1;              // this token ends the text and is no part of it
  int skipped_positions = 0;  // between prompt and text: 1 in openpi's π0-FAST
  double temperature = 0;     // 0: the likeliest token; above, drawn from `rng`
  Rng* rng = nullptr;
};

// The π0 / π0.5 graph (Black et al. 2024; Physical Intelligence 2025) at any size: pictures and
// prompt are the prefix of a language stream, and an action expert that shares its attention turns
// noise into actions by flow matching. π0-FAST (Pertsch et al. 2025) is the language stream alone:
// it generates actions as text (continue_text()) and has no expert. Time runs
// from 1 (noise) to 0 (actions): x_t = t noise + (1 - t) actions, and the network's target is noise
// - actions.
//
// Const, stateless and differentiable; the tensors are those of `parameters` (shared, not copied),
// so an optimiser that changes them in place changes the policy.
class Policy {
 public:
  Policy(const ModelConfig& config, const Parameters& parameters);

  const ModelConfig& config() const { return config_; }

  Prefix embed_prefix(const PrefixInput& input) const;

  // Runs the language stream. `hidden` [B, P, W] (after the final norm) only when wanted.
  struct Encoded {
    KvCache cache;
    torch::Tensor hidden;
  };
  Encoded encode(const Prefix& prefix, bool want_hidden = false) const;

  // The flow's velocity at x_t. N flow samples may share one prefix:
  //   x_t   [B, N, H, A]  or [B, H, A]
  //   t     [B, N] or [B, N, H] (a time per action: trained real-time chunking); or [B], [B, H]
  //   state [B, max_state_dim], normalised; unused where the state is in the prompt
  // -> the shape of x_t.
  torch::Tensor velocity(const KvCache& cache, const torch::Tensor& state, const torch::Tensor& x_t,
                         const torch::Tensor& t) const;

  // The expert's last hidden states of the actions, before velocity()'s projection, [B, N, H, W_a].
  torch::Tensor action_hidden(const KvCache& cache, const torch::Tensor& state,
                              const torch::Tensor& x_t, const torch::Tensor& t) const;

  // Euler from noise [B, H, A] at t = 1 to actions in `steps` steps; t as LeRobot's grid.
  torch::Tensor sample(const KvCache& cache, const torch::Tensor& state, const torch::Tensor& noise,
                       int steps) const;

  // Scores of the token that follows: hidden [.., W] -> [.., vocab_size]. `prompt_hidden` is the
  // part of encode()'s hidden states that belongs to the L prompt tokens.
  torch::Tensor text_logits(const torch::Tensor& hidden) const;
  torch::Tensor prompt_hidden(const torch::Tensor& hidden) const;

  // The text that the language model generates after each prompt. Padding before or after a prompt
  // changes nothing, because positions count only valid tokens. The prompt's last token must be the
  // last valid one of its row.
  std::vector<std::vector<int>> continue_text(const PrefixInput& input,
                                              const Decoding& decoding) const;

  // The expert's input: [B, N, T, W_a] tokens (with a state token, T = 1 + H) and, with adaRMS,
  // the condition [B, N, 1, W_a]; with a time per action the conditions [U, W_a] of the U different
  // times, and which of them each token has, [B, N, T]. x_t [B, N, H, A], t [B, N] or [B, N, H].
  struct Suffix {
    torch::Tensor embeddings, condition, which;
  };
  Suffix embed_suffix(const torch::Tensor& state, const torch::Tensor& x_t,
                      const torch::Tensor& t) const;

  // Saves memory at the cost of another forward pass in backward(); see Stream.
  void recompute_in_backward(bool recompute) {
    language_.recompute_in_backward(recompute);
    if (expert_) expert_->recompute_in_backward(recompute);
    if (siglip_) siglip_->recompute_in_backward(recompute);
  }

  const SiglipTower* siglip() const { return siglip_ ? &*siglip_ : nullptr; }

 private:
  torch::Tensor embed_words(const torch::Tensor& tokens) const;  // [B, L, W], scaled by sqrt(W)

  ModelConfig config_;
  torch::Tensor words_, head_;  // [vocab, W]: embeds words, scores them; one tensor when tied
  std::optional<SiglipTower> siglip_;
  std::optional<KeypointStem> keypoints_;
  Stream language_;
  std::optional<Stream> expert_;  // none in π0-FAST, whose actions are words
  Linear action_in_, action_out_, state_, time_in_, time_out_;
};

}  // namespace gyre::model
