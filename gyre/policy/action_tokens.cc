#include "gyre/policy/action_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/policy/fast_prompt.h"

namespace gyre {
namespace {

// All occurrences.
void remove(std::vector<int>& words, const std::vector<int>& part) {
  auto from = words.begin();
  while ((from = std::search(from, words.end(), part.begin(), part.end())) != words.end()) {
    from = words.erase(from, from + std::ssize(part));
  }
}

// openpi decodes to text and encodes it again; we do the same, including the token changes that
// this causes. The text is what stands between the first "Action: " and the next one, or "|".
std::vector<int> retokenise(const Tokenizer& tokenizer, const std::vector<int>& words) {
  std::string text = tokenizer.decode(words);
  const size_t begin = text.find(kActionsBegin);
  if (begin == std::string::npos) return {};
  text = text.substr(begin + kActionsBegin.size());
  text = text.substr(0, text.find(kActionsBegin));
  text = text.substr(0, text.find(kActionsEnd));
  constexpr const char* kBlank = " \t\n\v\f\r";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string::npos) return {};
  return tokenizer.encode(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

}  // namespace

ActionTokens::ActionTokens(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {
  if (checkpoint.processors) options_ = checkpoint.processors->fast;
  openpi_ = checkpoint.processors && checkpoint.processors->dialect == Dialect::kOpenpi;
  const Tokenizer& tokenizer = checkpoint.vocabulary();
  const int lowest = fast_word(tokenizer.vocab_size(), checkpoint.action_tokenizer().size() - 1,
                               options_.skipped_tokens);
  if (lowest <= std::max({tokenizer.pad_id(), tokenizer.bos_id(), tokenizer.eos_id()})) {
    throw Error("FAST tokenizer",
                fmt::format("has {} tokens, too many for a vocabulary of {}",
                            checkpoint.action_tokenizer().size(), tokenizer.vocab_size()),
                "fit a smaller one");
  }
  begin_ = tokenizer.encode(kActionsBegin);
  end_ = tokenizer.encode(kActionsEnd);
  stop_ = openpi_ ? tokenizer.eos_id() : end_.back();
}

std::string ActionTokens::prompt_text(std::string_view task,
                                      std::span<const float> normal_state) const {
  return fast_prompt(openpi_ ? Dialect::kOpenpi : Dialect::kLeRobot, task, normal_state);
}

std::vector<int> ActionTokens::prompt(std::string_view task,
                                      std::span<const float> normal_state) const {
  const Tokenizer& tokenizer = checkpoint_.vocabulary();
  std::vector<int> ids = tokenizer.encode(prompt_text(task, normal_state));
  ids.insert(ids.begin(), tokenizer.bos_id());
  return ids;
}

std::vector<int> ActionTokens::opening() const {
  if (openpi_) return {};
  return {checkpoint_.vocabulary().bos_id()};
}

ActionTokens::Answer ActionTokens::answer(std::span<const double> chunk, int steps, int dim,
                                          size_t prompt_tokens) const {
  const Tokenizer& tokenizer = checkpoint_.vocabulary();
  Answer answer;
  const auto append = [&](const std::vector<int>& words, bool target, bool action) {
    answer.tokens.insert(answer.tokens.end(), words.begin(), words.end());
    answer.is_target.resize(answer.tokens.size(), target ? 1 : 0);
    answer.is_action.resize(answer.tokens.size(), action ? 1 : 0);
  };
  std::vector<int> actions = checkpoint_.action_tokenizer().encode(chunk, steps, dim);
  for (int& id : actions) id = fast_word(tokenizer.vocab_size(), id, options_.skipped_tokens);
  append(opening(), false, false);
  append(begin_, true, false);
  append(actions, true, true);
  append(end_, true, false);
  append({tokenizer.eos_id()}, true, false);
  const auto most = static_cast<size_t>(checkpoint_.config.max_prompt_tokens);
  const size_t room = openpi_ ? most - std::min(most, prompt_tokens)
                              : static_cast<size_t>(options_.max_train_tokens);
  if (answer.tokens.size() > room) {
    answer.tokens.resize(room);
    answer.is_target.resize(room);
    answer.is_action.resize(room);
  }
  return answer;
}

std::optional<std::vector<double>> ActionTokens::detokenise(const std::vector<int>& tokens,
                                                            int steps, int dim) const {
  const Tokenizer& tokenizer = checkpoint_.vocabulary();
  std::vector<int> actions;
  if (openpi_) {
    actions = retokenise(tokenizer, tokens);
  } else {
    // "Action" and ":"; the space after them may have joined what follows.
    const std::vector<int> first(begin_.begin(), begin_.end() - (begin_.size() > 2 ? 1 : 0));
    const bool begins =
        tokens.size() >= first.size() && std::equal(first.begin(), first.end(), tokens.begin());
    if (options_.require_begin && !begins) return {};
    const auto end = std::search(tokens.begin(), tokens.end(), end_.begin(), end_.end());
    actions.assign(tokens.begin(), end);
    remove(actions, begin_);
  }
  for (int& id : actions) id = fast_word(tokenizer.vocab_size(), id, options_.skipped_tokens);
  return checkpoint_.action_tokenizer().decode(actions, steps, dim, /*relaxed=*/!openpi_);
}

}  // namespace gyre
