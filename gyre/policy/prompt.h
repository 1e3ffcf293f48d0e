#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/tokenizer.h"

namespace gyre {

// The words before the actions: "Task: <words>;\nAction: ". `words` is the subtask where one is
// set, else the instruction.
std::string action_prompt(std::string_view words);

// The words that the text head goes on from with the current subtask and EOS:
// "Task: <instruction>;\nSubtask: ".
std::string subtask_prompt(std::string_view instruction);

// BOS and the text's tokens. Throws Error when there are more than `max_tokens`.
std::vector<int> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt, int max_tokens);

}  // namespace gyre
