#include "gyre/policy/fast_prompt.h"

#include <algorithm>
#include <cctype>
#include <clocale>
#include <cwctype>

#include "gyre/core/utf8.h"
#include "gyre/policy/pi_prompt.h"

namespace gyre {
namespace {

std::string lowered(std::string_view text) {
  static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::u32string letters = from_utf8(text);
  for (char32_t& letter : letters) {
    letter =
        unicode == nullptr
            ? static_cast<char32_t>(letter < 128 ? std::tolower(static_cast<int>(letter)) : letter)
            : static_cast<char32_t>(towlower_l(static_cast<wint_t>(letter), unicode));
  }
  return to_utf8(letters);
}

void append(FastSequence& sequence, const std::vector<int>& tokens, bool causal, bool target) {
  sequence.tokens.insert(sequence.tokens.end(), tokens.begin(), tokens.end());
  sequence.mask.resize(sequence.tokens.size(), 1);
  sequence.is_causal.resize(sequence.tokens.size(), causal ? 1 : 0);
  sequence.is_target.resize(sequence.tokens.size(), target ? 1 : 0);
}

FastSequence padded(FastSequence sequence, int max_tokens) {
  const auto size = static_cast<size_t>(max_tokens);
  sequence.truncated = sequence.tokens.size() > size;
  sequence.tokens.resize(size);
  for (auto* flags : {&sequence.mask, &sequence.is_causal, &sequence.is_target}) {
    flags->resize(size);
  }
  return sequence;
}

std::vector<int> words_of(const Tokenizer& tokenizer, const std::vector<int>& actions) {
  std::vector<int> words;
  words.reserve(actions.size());
  for (const int id : actions) words.push_back(fast_word(tokenizer.vocab_size(), id));
  return words;
}

std::vector<int> ended(const Tokenizer& tokenizer) {
  std::vector<int> end = tokenizer.encode(kActionsEnd);
  end.push_back(tokenizer.eos_id());
  return end;
}

}  // namespace

std::string fast_prompt(Dialect dialect, std::string_view task, std::span<const float> state) {
  const std::string said = dialect == Dialect::kOpenpi ? lowered(task) : std::string(task);
  std::string prompt = pi05_prompt(said, state);
  return prompt.substr(0, prompt.rfind(kActionsBegin));
}

FastSequence openpi_fast_tokens(const Tokenizer& tokenizer, std::string_view task,
                                std::span<const float> state, const std::vector<int>* actions,
                                int max_tokens) {
  FastSequence sequence;
  append(sequence, {tokenizer.bos_id()}, false, false);
  append(sequence, tokenizer.encode(fast_prompt(Dialect::kOpenpi, task, state)), false, false);
  if (actions != nullptr) {
    append(sequence, tokenizer.encode(kActionsBegin), true, true);
    append(sequence, words_of(tokenizer, *actions), true, true);
    append(sequence, ended(tokenizer), true, true);
  }
  return padded(std::move(sequence), max_tokens);
}

FastSequence lerobot_fast_actions(const Tokenizer& tokenizer, const std::vector<int>& actions,
                                  int max_tokens) {
  FastSequence sequence;
  append(sequence, {tokenizer.bos_id()}, true, false);
  append(sequence, tokenizer.encode(kActionsBegin), true, false);
  append(sequence, words_of(tokenizer, actions), true, true);
  append(sequence, ended(tokenizer), true, false);
  return padded(std::move(sequence), max_tokens);
}

}  // namespace gyre
