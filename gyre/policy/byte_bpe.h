#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gyre {

// Byte-level pair encoding as Hugging Face's tokenizer.json holds it and the action tokenizer FAST
// uses it: a text's UTF-8 bytes are written in GPT-2's alphabet of 256 letters, cut into words by
// GPT-2's pattern, and pairs are merged inside each word, the earliest learnt first.
class ByteBpe {
 public:
  // Throws Error naming file and field: another model than BPE, other steps around it, tokens or
  // merges that do not fit each other.
  static ByteBpe read(const std::filesystem::path& tokenizer_json);

  // Learns merges of the pairs that occur most often (at least twice; of equals the one of the
  // smaller ids) until there are `size` tokens or nothing is left to merge. Tokens 0 .. are the
  // letters of `alphabet` and of the texts, in the order of their code points.
  static ByteBpe fit(std::span<const std::u32string> texts, std::u32string_view alphabet, int size);

  std::string json() const;  // content of tokenizer.json
  // Atomic. Throws Error.
  void write(const std::filesystem::path& tokenizer_json) const;

  std::vector<int> encode(std::u32string_view text) const;  // throws Error for an unknown letter
  // Throws Error for an id that is none, or tokens that are no UTF-8 together.
  std::u32string decode(std::span<const int> ids) const;
  int size() const { return static_cast<int>(tokens_.size()); }

 private:
  using Pair = std::pair<int, int>;
  struct Merge {
    int rank = 0, into = 0;
  };
  void add_token(std::string token);
  std::vector<int> letters(std::string_view in_alphabet) const;
  void merge_word(std::vector<int>& word) const;

  bool split_words_ = true;          // by GPT-2's pattern
  std::vector<std::string> tokens_;  // written in the alphabet, as UTF-8
  std::map<std::string, int> ids_;
  std::vector<Pair> pairs_;  // merges, earliest first
  std::map<Pair, Merge> merges_;
};

}  // namespace gyre
