#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/checkpoint.h"

namespace gyre {

// FAST action tokens inside a policy's vocabulary, in LeRobot's or openpi's format. Chunks are
// [steps, dim], row-major, normalised.
//
//                      LeRobot                              openpi
//   prompt             as π0.5's, up to the state           the same in small letters
//   before the answer  BOS once more, part of the prompt    nothing
//   in training        BOS, "Action: ", tokens, "|", EOS    "Action: ", tokens, "|", EOS
//   position of the    after the prompt                     one more (policies trained here:
//   first token                                             after the prompt, as in training)
//   ends with          "|"                                  EOS
//   detokenised from   the tokens                           their text, encoded again
//   wrong length       filled up with zeros, or cut         a chunk of zeros
class ActionTokens {
 public:
  // `checkpoint` must outlive this. Throws Error when it has no vocabulary or FAST tokenizer, or
  // when the action tokens do not fit the vocabulary.
  explicit ActionTokens(const Checkpoint& checkpoint);

  // The prompt as text, without BOS.
  std::string prompt_text(std::string_view task, std::span<const float> normal_state) const;
  // BOS and the prompt's tokens, however many.
  std::vector<int> prompt(std::string_view task, std::span<const float> normal_state) const;
  // Tokens between the prompt and the answer when the policy acts.
  std::vector<int> opening() const;

  // The answer that follows the prompt in training, cut where there is no room: openpi has one
  // length for prompt and answer together, LeRobot one for each.
  struct Answer {
    std::vector<int> tokens;
    std::vector<uint8_t> is_target, is_action;  // BOS is no target; of these, the action tokens
  };
  Answer answer(std::span<const double> chunk, int steps, int dim, size_t prompt_tokens) const;

  int stop() const { return stop_; }  // the token that ends an answer
  const FastTokenOptions& options() const { return options_; }

  // The chunk that an answer encodes; nothing when it must begin with "Action:" and does not.
  std::optional<std::vector<double>> detokenise(const std::vector<int>& tokens, int steps,
                                                int dim) const;

 private:
  const Checkpoint& checkpoint_;
  FastTokenOptions options_;
  bool openpi_ = false;
  std::vector<int> begin_, end_;  // around the action tokens
  int stop_ = 0;
};

}  // namespace gyre
