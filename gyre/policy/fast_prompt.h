#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/dialect.h"
#include "gyre/policy/tokenizer.h"

namespace gyre {

// The words of π0-FAST. Action tokens take the words at the vocabulary's end, before those that
// PaliGemma keeps for segments.
inline constexpr int kSegmentWords = 128;
inline const std::string kActionsBegin = "Action: ", kActionsEnd = "|";  // around them

// The word of an action token and back (its own inverse).
inline int fast_word(int vocab_size, int id, int skipped = kSegmentWords) {
  return vocab_size - 1 - skipped - id;
}

// "Task: <task>, State: <bins>;\n"; openpi lowers its letters. `state` is normalised.
std::string fast_prompt(Dialect dialect, std::string_view task, std::span<const float> state);

// A policy's input tokens and target tokens in one sequence, padded with 0 to a set length.
struct FastSequence {
  std::vector<int> tokens;
  std::vector<uint8_t> mask;       // 1: not padding
  std::vector<uint8_t> is_causal;  // openpi's ar_mask: attends only to earlier tokens
  std::vector<uint8_t> is_target;  // openpi's loss_mask; LeRobot's marks the action tokens alone
  bool truncated = false;
};

// openpi: BOS and prompt, then "Action: ", the action tokens' words, "|" and EOS, in one sequence.
// Without `actions`, the prompt alone.
FastSequence openpi_fast_tokens(const Tokenizer& tokenizer, std::string_view task,
                                std::span<const float> state, const std::vector<int>* actions,
                                int max_tokens);

// LeRobot's second sequence: BOS, "Action: ", the action tokens' words, "|" and EOS.
FastSequence lerobot_fast_actions(const Tokenizer& tokenizer, const std::vector<int>& actions,
                                  int max_tokens);

}  // namespace gyre
