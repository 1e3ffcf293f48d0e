#include "gyre/policy/byte_bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "gyre/core/error.h"
#include "gyre/core/utf8.h"
#include "gyre/io/file.h"
#include "gyre/policy/json_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

// GPT-2's letter of each byte: the printable ones of Latin-1 themselves, the others from U+0100 on.
struct Alphabet {
  std::array<std::string, 256> letter;
  std::map<std::string, uint8_t> byte;

  Alphabet() {
    char32_t next = 0x100;
    for (char32_t b = 0; b < 256; ++b) {
      const bool printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      letter[b] = to_utf8(std::u32string(1, printable ? b : next++));
      byte[letter[b]] = static_cast<uint8_t>(b);
    }
  }
};
const Alphabet& alphabet_of_bytes() {
  static const Alphabet alphabet;
  return alphabet;
}

enum class Class { kLetter, kNumber, kSpace, kOther };

struct Range {
  char32_t first, last;
  Class of;
};
// Unicode's general categories up to U+036F; what lies above counts as letters.
constexpr Range kClasses[] = {{0x09, 0x0d, Class::kSpace},
                              {0x20, 0x20, Class::kSpace},
                              {0x85, 0x85, Class::kSpace},
                              {0xa0, 0xa0, Class::kSpace},
                              {'0', '9', Class::kNumber},
                              {0xb2, 0xb3, Class::kNumber},
                              {0xb9, 0xb9, Class::kNumber},
                              {0xbc, 0xbe, Class::kNumber},
                              {'A', 'Z', Class::kLetter},
                              {'a', 'z', Class::kLetter},
                              {0xaa, 0xaa, Class::kLetter},
                              {0xb5, 0xb5, Class::kLetter},
                              {0xba, 0xba, Class::kLetter},
                              {0xc0, 0xd6, Class::kLetter},
                              {0xd8, 0xf6, Class::kLetter},
                              {0xf8, 0x2c1, Class::kLetter},
                              {0x2c6, 0x2d1, Class::kLetter},
                              {0x2e0, 0x2e4, Class::kLetter},
                              {0x2ec, 0x2ec, Class::kLetter},
                              {0x2ee, 0x2ee, Class::kLetter},
                              {0x370, std::numeric_limits<char32_t>::max(), Class::kLetter}};

Class class_of(char32_t c) {
  const auto* found = std::ranges::find_if(
      kClasses, [&](const Range& range) { return c >= range.first && c <= range.last; });
  return found == std::end(kClasses) ? Class::kOther : found->of;
}

// The length of an English contraction at the start of `text`, 0 if there is none.
size_t contraction(std::u32string_view text) {
  for (const std::u32string_view end : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"}) {
    if (text.starts_with(end)) return end.size();
  }
  return 0;
}

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::vector<std::u32string_view> words_of(std::u32string_view text) {
  std::vector<std::u32string_view> words;
  while (!text.empty()) {
    size_t length = contraction(text);
    const size_t begin = text[0] == U' ' && text.size() > 1 ? 1 : 0;
    if (length == 0 && class_of(text[begin]) != Class::kSpace) {
      const Class kind = class_of(text[begin]);
      length = begin;
      while (length < text.size() && class_of(text[length]) == kind) ++length;
    }
    if (length == 0) {
      while (length < text.size() && class_of(text[length]) == Class::kSpace) ++length;
      if (length < text.size() && length > 1) --length;  // the last one goes with what follows
    }
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

std::string to_alphabet(std::u32string_view word) {
  std::string letters;
  for (const char byte : to_utf8(word)) {
    letters += alphabet_of_bytes().letter[static_cast<uint8_t>(byte)];
  }
  return letters;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  throw Error(file.string(), what, "give a byte-level BPE tokenizer as FAST's");
}

// A merge as "a b" or ["a", "b"].
std::pair<std::string, std::string> merge_of(const nlohmann::json& json) {
  if (json.is_array()) return {json.at(0).get<std::string>(), json.at(1).get<std::string>()};
  const auto text = json.get<std::string>();
  const size_t space = text.find(' ');
  if (space == std::string::npos) return {text, ""};
  return {text.substr(0, space), text.substr(space + 1)};
}

// Replaces each neighbouring `pair` of a word.
void join(std::vector<int>& word, const std::pair<int, int>& pair, int into) {
  size_t kept = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool here = i + 1 < word.size() && word[i] == pair.first && word[i + 1] == pair.second;
    word[kept++] = here ? into : word[i];
    if (here) ++i;
  }
  word.resize(kept);
}

}  // namespace

void ByteBpe::add_token(std::string token) {
  ids_[token] = size();
  tokens_.push_back(std::move(token));
}

ByteBpe ByteBpe::read(const fs::path& file) {
  const nlohmann::json json = read_json_object(file);
  ByteBpe bpe;
  try {
    const nlohmann::json& model = json.at("model");
    const auto type = model.value("type", std::string("BPE"));
    if (type != "BPE") refuse(file, "model.type is '" + type + "', not BPE");
    const nlohmann::json pre = json.value("pre_tokenizer", nlohmann::json());
    if (!pre.is_object() || pre.value("type", "") != "ByteLevel") {
      refuse(file, "pre_tokenizer is not ByteLevel");
    }
    if (pre.value("add_prefix_space", false)) refuse(file, "pre_tokenizer adds a space");
    bpe.split_words_ = pre.value("use_regex", true);

    const nlohmann::json& vocab = model.at("vocab");
    bpe.tokens_.resize(vocab.size());
    std::vector<bool> taken(vocab.size());
    for (const auto& [token, value] : vocab.items()) {
      const auto id = value.get<int64_t>();
      if (id < 0 || id >= std::ssize(taken) || taken[id]) {
        refuse(file, fmt::format("model.vocab: token '{}' has the id {}", token, id));
      }
      taken[id] = true;
      bpe.tokens_[id] = token;
      bpe.ids_[token] = static_cast<int>(id);
    }
    for (const nlohmann::json& each : model.at("merges")) {
      const auto [left, right] = merge_of(each);
      for (const std::string& token : {left, right, left + right}) {
        if (!bpe.ids_.contains(token)) {
          refuse(file, fmt::format("model.merges name '{}', which is no token", token));
        }
      }
      const Pair pair{bpe.ids_[left], bpe.ids_[right]};
      bpe.merges_.emplace(pair, Merge{static_cast<int>(bpe.pairs_.size()), bpe.ids_[left + right]});
      bpe.pairs_.push_back(pair);
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(), std::string("is no tokenizer: ") + error.what());
  }
  return bpe;
}

std::string ByteBpe::json() const {
  nlohmann::ordered_json vocab = nlohmann::ordered_json::object();
  for (size_t id = 0; id < tokens_.size(); ++id) vocab[tokens_[id]] = id;
  nlohmann::ordered_json merges = nlohmann::ordered_json::array();
  for (const auto& [left, right] : pairs_) merges.push_back({tokens_[left], tokens_[right]});
  const nlohmann::ordered_json step = {{"type", "ByteLevel"},
                                       {"add_prefix_space", false},
                                       {"trim_offsets", true},
                                       {"use_regex", split_words_}};
  const nlohmann::ordered_json json = {{"version", "1.0"},
                                       {"truncation", nullptr},
                                       {"padding", nullptr},
                                       {"added_tokens", nlohmann::ordered_json::array()},
                                       {"normalizer", nullptr},
                                       {"pre_tokenizer", step},
                                       {"post_processor", nullptr},
                                       {"decoder", step},
                                       {"model",
                                        {{"type", "BPE"},
                                         {"dropout", nullptr},
                                         {"unk_token", nullptr},
                                         {"continuing_subword_prefix", ""},
                                         {"end_of_word_suffix", ""},
                                         {"fuse_unk", false},
                                         {"vocab", vocab},
                                         {"merges", merges}}}};
  return json.dump(2) + "\n";
}

void ByteBpe::write(const fs::path& file) const { io::write_atomically(file, json()); }

std::vector<int> ByteBpe::letters(std::string_view in_alphabet) const {
  std::vector<int> ids;
  for (const char32_t c : from_utf8(in_alphabet)) {
    const auto found = ids_.find(to_utf8(std::u32string(1, c)));
    if (found == ids_.end()) {
      throw Error("action tokenizer",
                  fmt::format("has no token for U+{:04X}", static_cast<uint32_t>(c)),
                  "fit it on data of this range");
    }
    ids.push_back(found->second);
  }
  return ids;
}

void ByteBpe::merge_word(std::vector<int>& word) const {
  while (word.size() > 1) {
    const Merge* best = nullptr;
    Pair pair;
    for (size_t i = 0; i + 1 < word.size(); ++i) {
      const auto found = merges_.find({word[i], word[i + 1]});
      if (found == merges_.end() || (best != nullptr && found->second.rank >= best->rank)) continue;
      best = &found->second;
      pair = found->first;
    }
    if (best == nullptr) return;
    join(word, pair, best->into);
  }
}

std::vector<int> ByteBpe::encode(std::u32string_view text) const {
  std::vector<int> ids;
  const auto words = split_words_ ? words_of(text) : std::vector<std::u32string_view>{text};
  for (const std::u32string_view each : words) {
    std::vector<int> word = letters(to_alphabet(each));
    merge_word(word);
    ids.insert(ids.end(), word.begin(), word.end());
  }
  return ids;
}

std::u32string ByteBpe::decode(std::span<const int> ids) const {
  std::string bytes;
  for (const int id : ids) {
    if (id < 0 || id >= size()) {
      throw Error("action tokens", fmt::format("{} is none of {} tokens", id, size()));
    }
    for (const char32_t c : from_utf8(tokens_[id])) {
      const std::string letter = to_utf8(std::u32string(1, c));
      const auto found = alphabet_of_bytes().byte.find(letter);
      // A letter that encodes no byte stands for itself.
      bytes += found == alphabet_of_bytes().byte.end()
                   ? letter
                   : std::string(1, static_cast<char>(found->second));
    }
  }
  return from_utf8(bytes);
}

ByteBpe ByteBpe::fit(std::span<const std::u32string> texts, std::u32string_view alphabet,
                     int size) {
  std::map<std::string, int64_t> counts;
  std::set<char32_t> known(alphabet.begin(), alphabet.end());
  for (const std::u32string& text : texts) {
    for (const std::u32string_view word : words_of(text)) {
      const std::string letters = to_alphabet(word);
      ++counts[letters];
      for (const char32_t c : from_utf8(letters)) known.insert(c);
    }
  }
  ByteBpe bpe;
  for (const char32_t c : known) bpe.add_token(to_utf8(std::u32string(1, c)));
  std::vector<std::pair<std::vector<int>, int64_t>> words;
  words.reserve(counts.size());
  for (const auto& [letters, count] : counts) words.emplace_back(bpe.letters(letters), count);

  while (bpe.size() < size) {
    std::map<Pair, int64_t> pairs;
    for (const auto& [word, count] : words) {
      for (size_t i = 0; i + 1 < word.size(); ++i) pairs[{word[i], word[i + 1]}] += count;
    }
    const auto best = std::ranges::max_element(
        pairs, {}, [](const auto& each) { return each.second; });  // the first of equals
    constexpr int64_t kLeast = 2;
    if (best == pairs.end() || best->second < kLeast) break;
    const Pair pair = best->first;
    const std::string token = bpe.tokens_[pair.first] + bpe.tokens_[pair.second];
    if (!bpe.ids_.contains(token)) bpe.add_token(token);
    const int into = bpe.ids_[token];
    bpe.merges_.emplace(pair, Merge{static_cast<int>(bpe.pairs_.size()), into});
    bpe.pairs_.push_back(pair);
    for (auto& [word, count] : words) join(word, pair, into);
  }
  return bpe;
}

}  // namespace gyre
