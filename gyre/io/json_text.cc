#include "gyre/io/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/lfs_pointer.h"

namespace gyre::io {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// A word or a number as JSON writes it: what ends where something else begins.
bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.' ||
         c == '_';
}

bool is_not_finite(std::string_view word) {
  constexpr std::array<std::string_view, 3> kWords = {"nan", "inf", "infinity"};
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  // 1e999, or hundreds of digits.
  const bool large = word.size() > 300 || lower.find('e') != std::string::npos;
  if (!large || std::isdigit(static_cast<unsigned char>(word.front())) == 0) return false;
  char* end = nullptr;
  const double value = std::strtod(lower.c_str(), &end);
  return *end == '\0' && !std::isfinite(value);
}

}  // namespace

std::string standard_json(std::string text, const std::string& where) {
  std::string result;
  result.reserve(text.size());
  int depth = 0;
  size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    const size_t begin = at;
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
      at = std::min(at + 1, text.size());
    } else if (in_word(text[at])) {
      while (at < text.size() && in_word(text[at])) ++at;
      if (is_not_finite(std::string_view(text).substr(begin, at - begin))) {
        result += "null";
        continue;
      }
    } else {
      if (text[at] == '[' || text[at] == '{') ++depth;
      if (text[at] == ']' || text[at] == '}') --depth;
      if (depth > kDeepestJson) {
        throw Error(where, fmt::format("its JSON is nested deeper than {} levels", kDeepestJson),
                    "this is not what LeRobot writes");
      }
      ++at;
    }
    result.append(text, begin, at - begin);
  }
  return result;
}

std::string read_json_text(const std::filesystem::path& file) {
  std::string text = read_text(file);
  if (is_lfs_pointer(std::string_view(text))) throw_lfs_pointer(file);
  return standard_json(std::move(text), file.string());
}

}  // namespace gyre::io
