#include "gyre/policy/pi_prompt.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre {
namespace {

std::string clean(std::string_view task) {
  constexpr std::string_view kBlank = " \t\n\v\f\r\x1c\x1d\x1e\x1f";
  const size_t first = task.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  std::string text(task.substr(first, task.find_last_not_of(kBlank) - first + 1));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '_' || c == '\n'; }, ' ');
  return text;
}

std::vector<int> begun(const Tokenizer& tokenizer, std::vector<int> ids) {
  ids.insert(ids.begin(), tokenizer.bos_id());
  return ids;
}

PromptTokens pad(std::vector<int> ids, int max_tokens) {
  const int count = static_cast<int>(ids.size());
  ids.resize(static_cast<size_t>(max_tokens), 0);
  return {std::move(ids), std::min(count, max_tokens), count > max_tokens};
}

}  // namespace

std::vector<int> state_bins(std::span<const float> state) {
  std::vector<int> bins;
  bins.reserve(state.size());
  for (size_t i = 0; i < state.size(); ++i) {
    if (std::isnan(state[i])) throw Error("state", fmt::format("entry {} is not a number", i));
    // Exact: x * 128 loses no bit, where x + 1 would.
    bins.push_back(static_cast<int>(std::clamp(std::floor(state[i] * 128.0) + 128, -1.0, 255.0)));
  }
  return bins;
}

std::string pi05_prompt(std::string_view task, std::span<const float> state) {
  return fmt::format("Task: {}, State: {};\nAction: ", clean(task),
                     fmt::join(state_bins(state), " "));
}

std::string pi05_prompt(std::string_view task) {
  return fmt::format("Task: {};\nAction: ", clean(task));
}

std::string pi0_prompt(Dialect dialect, std::string_view task) {
  if (dialect == Dialect::kOpenpi) return clean(task) + "\n";
  return std::string(task) + (task.ends_with('\n') ? "" : "\n");
}

std::vector<int> pi0_prompt_tokens(const Tokenizer& tokenizer, Dialect dialect,
                                   std::string_view task) {
  if (dialect == Dialect::kLeRobot) {
    return begun(tokenizer, tokenizer.encode(pi0_prompt(dialect, task)));
  }
  std::vector<int> ids = tokenizer.encode(clean(task));
  const std::vector<int> end = tokenizer.encode("\n");  // by itself, as openpi
  ids.insert(ids.end(), end.begin(), end.end());
  return begun(tokenizer, std::move(ids));
}

std::vector<int> pi05_prompt_tokens(const Tokenizer& tokenizer, std::string_view task,
                                    std::span<const float> state) {
  return begun(tokenizer, tokenizer.encode(pi05_prompt(task, state)));
}

PromptTokens pi0_tokens(const Tokenizer& tokenizer, Dialect dialect, std::string_view task,
                        int max_tokens) {
  return pad(pi0_prompt_tokens(tokenizer, dialect, task), max_tokens);
}

PromptTokens pi05_tokens(const Tokenizer& tokenizer, std::string_view task,
                         std::span<const float> state, int max_tokens) {
  return pad(pi05_prompt_tokens(tokenizer, task, state), max_tokens);
}

}  // namespace gyre
