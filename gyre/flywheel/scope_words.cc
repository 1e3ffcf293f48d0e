#include "gyre/flywheel/scope_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

constexpr size_t kLongestSentence = 400;
constexpr size_t kMostUnknown = 3;  // words that a refusal names
constexpr std::array<std::string_view, 12> kEmptyWords = {
    "a", "an", "can", "could", "kindly", "now", "please", "robot", "the", "would", "will", "you"};

// Its words in lower case, without those that say nothing.
std::vector<std::string> plain_words(const std::string& sentence) {
  std::vector<std::string> words(1);
  for (const char c : sentence) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      words.back() += static_cast<char>(std::tolower(byte));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase_if(words, [](const std::string& word) {
    return word.empty() || std::ranges::find(kEmptyWords, word) != kEmptyWords.end();
  });
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

ScopeWords::ScopeWords(const std::vector<ScopeTask>& tasks) {
  for (const ScopeTask& task : tasks) {
    for (const std::string& sentence : task.sentences) {
      const std::vector<std::string> words = plain_words(sentence);
      tasks_.emplace(joined(words), task.name);
      known_.insert(words.begin(), words.end());
    }
  }
}

ScopeWords::Match ScopeWords::find(const std::string& sentence) const {
  if (sentence.size() > kLongestSentence) return {.why = "these are too many words"};
  const std::vector<std::string> words = plain_words(sentence);
  if (words.empty()) return {.why = "nothing is asked for"};
  const auto found = tasks_.find(joined(words));
  if (found != tasks_.end()) return {.task = found->second};
  std::vector<std::string> unknown;
  for (const std::string& word : words) {
    if (!known_.contains(word) && unknown.size() < kMostUnknown) unknown.push_back(word);
  }
  if (!unknown.empty()) {
    return {.why = fmt::format("no task has the word{} '{}'", unknown.size() > 1 ? "s" : "",
                               fmt::join(unknown, "', '"))};
  }
  return {.why = "its words are known, but no task is asked for so"};
}

}  // namespace gyre::flywheel
