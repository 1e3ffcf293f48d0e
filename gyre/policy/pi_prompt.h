#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/dialect.h"
#include "gyre/policy/tokenizer.h"

namespace gyre {

// Prompts of π0 and π0.5. LeRobot and openpi format π0's differently; π0.5's is the same in both.
struct PromptTokens {
  std::vector<int> ids;    // [max_tokens], padded on the right with 0
  int valid = 0;           // how many of them are the prompt's
  bool truncated = false;  // the prompt was longer
};

// The bin of each entry of a normalised state: 256 bins over [-1, 1], -1 below, 255 above. Throws
// Error naming the entry that is not a number.
std::vector<int> state_bins(std::span<const float> state);

// "Task: <task>, State: <bins>;\nAction: ". `state` is normalised, without padding.
std::string pi05_prompt(std::string_view task, std::span<const float> state);

// "Task: <task>;\nAction: ": where the state is a token of its own or a memory of states.
std::string pi05_prompt(std::string_view task);

// The task as pi0_tokens() tokenises it, with its line end.
std::string pi0_prompt(Dialect dialect, std::string_view task);

// The same two prompts whole, without padding: BOS and all their tokens.
std::vector<int> pi0_prompt_tokens(const Tokenizer& tokenizer, Dialect dialect,
                                   std::string_view task);
std::vector<int> pi05_prompt_tokens(const Tokenizer& tokenizer, std::string_view task,
                                    std::span<const float> state);

// BOS, the task and a line end; openpi trims the task and replaces '_' and line ends by spaces.
PromptTokens pi0_tokens(const Tokenizer& tokenizer, Dialect dialect, std::string_view task,
                        int max_tokens);

// BOS and pi05_prompt().
PromptTokens pi05_tokens(const Tokenizer& tokenizer, std::string_view task,
                         std::span<const float> state, int max_tokens);

}  // namespace gyre
