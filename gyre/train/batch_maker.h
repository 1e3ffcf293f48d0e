#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/policy/action_tokens.h"
#include "gyre/policy/adapter.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/batch.h"
#include "gyre/train/config.h"
#include "gyre/train/mixture.h"

namespace gyre::train {

// A flow time, 1 noise and 0 data: Beta(1.5, 1) * 0.999 + 0.001 (Black et al. 2024).
float draw_flow_time(Rng& rng);

// Turns frames into what the network takes. A row depends on seed, step and its number in the whole
// batch alone, not on how many workers share the batch, nor on what was drawn before: going on from
// a step needs no other memory. Const and safe from several threads.
class BatchMaker {
 public:
  // `checkpoint` holds the statistics of all of the mixture's embodiments. Both must outlive this.
  // Throws Error when the pictures' size or the contracts' widths do not fit the network.
  BatchMaker(const Checkpoint& checkpoint, const Mixture& mixture, const TrainConfig& config);

  // Chunks of actions as the network shall say them, drawn from the mixture: at most `count`, each
  // [H, D] of its robot.
  std::vector<std::vector<double>> chunks(int count) const;

  // From now on rows also hold their actions as tokens; `tokens` must outlive this.
  void use_action_tokens(const ActionTokens* tokens) { action_tokens_ = tokens; }

  // Tells the sources that the pictures of the step's batch will be asked for.
  void ahead(int64_t step, int text_rows) const;

  // Rows [first, first + rows) of the step's batch, and of its text rows.
  Batch training(int64_t step, int first, int rows, int first_text, int text_rows) const;

  // Unchanged pictures, the words of the subtask (and what stands before the policy speaks), and
  // one noise for each; the same every time. With `delay` actions given, the observations are that
  // many frames earlier, so that the first action to be predicted is always the same.
  Batch held_out(int first, int rows, int delay = 0) const;
  // Unchanged pictures of Mixture::held_out_text(), the question for the subtask and its answer.
  PrefixRows held_out_text(int first, int rows) const;

 private:
  struct Embodied {
    std::unique_ptr<const Adapter> adapter;
    std::vector<bool> holds_position;  // [action dim]: what a chunk repeats beyond the end
  };
  struct Words {
    std::vector<int> prompt, answer;
    std::vector<float> share;  // of each of the answer's tokens
  };
  struct Drawn {
    Pick pick;
    int given = 0;  // actions that are given, see ContinueConfig
    Rng rng;        // for the noise of the given actions
  };
  Drawn draw(int64_t step, int row) const;
  Pick draw_text(int64_t step, int row) const;
  Words text_of(std::vector<int> prompt, const std::string& answer) const;
  Words subtask_words(const Pick& pick) const;
  void tokenise_actions(const Batch& batch, int row, Words& words) const;
  Words words_of(const Batch& batch, int row, const Pick& pick, const std::string& words) const;
  PrefixRows make_prefix(int rows) const;
  void set_pictures(PrefixRows& rows, int row, const Pick& pick, Rng* augment) const;
  void set_words(PrefixRows& rows, const std::vector<Words>& words) const;
  void set_state(Batch& batch, int row, const Pick& pick, Rng* noise) const;
  int draw_delay(Rng& rng) const;
  std::vector<float> chunk_of(const Pick& pick, int given, int& known) const;
  void set_actions(Batch& batch, int row, const Pick& pick, Rng* noise) const;
  Batch make_batch(int rows, int samples) const;

  const Checkpoint& checkpoint_;
  const ModelConfig& model_;
  const Mixture& mixture_;
  const TrainConfig& config_;
  const ActionTokens* action_tokens_ = nullptr;
  std::vector<Embodied> embodied_;  // as Mixture::embodiments()
};

}  // namespace gyre::train
