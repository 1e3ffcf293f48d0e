#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gyre/policy/checkpoint.h"

namespace gyre {

// Chunks of actions as words of a policy's vocabulary, there and back, as LeRobot or openpi spell
// them. Chunks are [steps, dim], row-major, normalised.
//
//                      LeRobot                              openpi
//   prompt             as π0.5's, up to the state           the same in small letters
//   before speaking    BOS once more, part of the prompt    nothing
//   in training        BOS, "Action: ", words, "|", EOS     "Action: ", words, "|", EOS
//   position of the    after the prompt                     one more (policies trained here:
//   first word                                              after the prompt, as in training)
//   ends with          "|"                                  EOS
//   read back          from the words                       from their text, spelt anew
//   another length     filled up with zeros, or cut         a chunk of zeros
class ActionWords {
 public:
  // `checkpoint` must outlive this. Throws Error where it came without vocabulary or FAST
  // tokenizer, or the vocabulary has fewer words than that.
  explicit ActionWords(const Checkpoint& checkpoint);

  // BOS and the prompt, at most the policy's room.
  std::vector<int> prompt(std::string_view task, std::span<const float> normal_state) const;
  // What stands between prompt and answer before the policy speaks.
  std::vector<int> opening() const;

  // What the policy learns to say after the prompt, cut where there is no room: openpi's has one
  // room for prompt and answer, LeRobot's one for each.
  struct Answer {
    std::vector<int> words;
    std::vector<uint8_t> is_target, is_action;  // BOS is no target; of these, the actions' words
  };
  Answer answer(std::span<const double> chunk, int steps, int dim, size_t prompt_words) const;

  int stop() const { return stop_; }
  const FastSpelling& spelling() const { return spelling_; }

  // The chunk that words say; nothing where they must begin with "Action:" and do not.
  std::optional<std::vector<double>> chunk(const std::vector<int>& words, int steps, int dim) const;

 private:
  const Checkpoint& checkpoint_;
  FastSpelling spelling_;
  bool openpi_ = false;
  std::vector<int> begin_, end_;  // around the actions' words
  int stop_ = 0;
};

}  // namespace gyre
