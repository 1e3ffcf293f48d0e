#include "gyre/policy/prompt.h"

#include <fmt/format.h>

#include "gyre/core/error.h"

namespace gyre {

std::string action_prompt(std::string_view words) {
  return fmt::format("Task: {};\nAction: ", words);
}

std::string subtask_prompt(std::string_view instruction) {
  return fmt::format("Task: {};\nSubtask: ", instruction);
}

std::vector<int> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt,
                               int max_tokens) {
  std::vector<int> tokens = tokenizer.encode(prompt);
  tokens.insert(tokens.begin(), tokenizer.bos_id());
  if (tokens.size() > static_cast<size_t>(max_tokens)) {
    throw Error(fmt::format("'{}'", prompt),
                fmt::format("has {} tokens, the policy takes {}", tokens.size(), max_tokens),
                "say it in fewer words");
  }
  return tokens;
}

}  // namespace gyre
