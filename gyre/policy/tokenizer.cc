#include "gyre/policy/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_map>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581, a space inside a piece

enum PieceType {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6
};

// The little of protobuf's wire format that a `.model` file uses.
class Wire {
 public:
  Wire(std::string_view bytes, const std::string& where) : rest_(bytes), where_(where) {}

  bool next() {
    if (rest_.empty()) return false;
    const uint64_t key = varint();
    field = static_cast<int>(key >> 3);
    switch (key & 7) {
      case 0:
        number = varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        bytes = take(varint());
        break;
      case 5:
        std::memcpy(&real, take(4).data(), 4);
        break;
      default:
        broken();
    }
    return true;
  }

  int field = 0;
  uint64_t number = 0;
  float real = 0;
  std::string_view bytes;

 private:
  [[noreturn]] void broken() const {
    throw Error(where_, "is no sentencepiece model, or truncated");
  }
  std::string_view take(uint64_t count) {
    if (count > rest_.size()) broken();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<uint8_t>(take(1)[0]);
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if ((byte & 128) == 0) return value;
    }
    broken();
  }
  std::string_view rest_;
  const std::string& where_;
};

size_t character_length(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

// The byte that a piece like "<0x41>" stands for.
std::optional<uint8_t> byte_of(std::string_view piece) {
  uint8_t byte = 0;
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return std::nullopt;
  const auto [end, error] = std::from_chars(piece.data() + 3, piece.data() + 5, byte, 16);
  if (error != std::errc() || end != piece.data() + 5) return std::nullopt;
  return byte;
}

}  // namespace

struct Tokenizer::Impl {
  struct Piece {
    std::string text;
    float score = 0;
    int type = kNormal;
  };
  std::string bytes;
  std::vector<Piece> pieces;
  std::unordered_map<std::string, int> ids;
  std::vector<std::string> user_defined;
  int byte_ids[256];
  bool byte_fallback = false, dummy_prefix = true, extra_whitespace_removed = true, unigram = true;
  int unk = 0, bos = 1, eos = 2, pad = -1;
  float lowest_score = 0;

  void parse(const std::string& where);
  void parse_trainer(std::string_view spec, const std::string& where);
  void parse_normalizer(std::string_view spec, const std::string& where);
  std::string prepare(std::string_view text) const;
  size_t user_defined_at(std::string_view text) const;  // its length, or 0
  std::vector<std::string_view> merge(std::string_view text) const;
  std::vector<std::string_view> best_path(std::string_view text) const;
  void append(std::string_view piece, std::vector<int>& out) const;
};

void Tokenizer::Impl::parse(const std::string& where) {
  Wire model(bytes, where);
  while (model.next()) {
    if (model.field == 1) {
      Piece piece;
      Wire wire(model.bytes, where);
      while (wire.next()) {
        if (wire.field == 1) piece.text = wire.bytes;
        if (wire.field == 2) piece.score = wire.real;
        if (wire.field == 3) piece.type = static_cast<int>(wire.number);
      }
      pieces.push_back(std::move(piece));
    } else if (model.field == 2) {
      parse_trainer(model.bytes, where);
    } else if (model.field == 3) {
      parse_normalizer(model.bytes, where);
    }
  }
  if (pieces.empty()) throw Error(where, "holds no vocabulary", "is it a sentencepiece model?");
  std::fill(std::begin(byte_ids), std::end(byte_ids), -1);
  lowest_score = std::numeric_limits<float>::max();
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    const int id = static_cast<int>(i);
    if (piece.type == kByte) {
      const std::optional<uint8_t> byte = byte_of(piece.text);
      if (!byte)
        throw Error(where, fmt::format("its piece {} is not one of '<0x00>'..'<0xFF>'", i));
      byte_ids[*byte] = id;
    }
    if (piece.type == kUserDefined) user_defined.push_back(piece.text);
    if (piece.type == kNormal || piece.type == kUserDefined) ids[piece.text] = id;
    if (piece.type == kNormal) lowest_score = std::min(lowest_score, piece.score);
    if (piece.type == kUnknown) unk = id;
  }
  if (byte_fallback && std::count(std::begin(byte_ids), std::end(byte_ids), -1) > 0) {
    throw Error(where, "lacks pieces for some bytes");
  }
  const int count = static_cast<int>(pieces.size());
  if (bos < 0 || bos >= count || eos < 0 || eos >= count || pad >= count) {
    throw Error(where, fmt::format("its BOS {}, EOS {} and padding {} are not all among {} pieces",
                                   bos, eos, pad, count));
  }
  // The longest first, so that the first match is the one to take.
  std::sort(user_defined.begin(), user_defined.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Tokenizer::Impl::parse_trainer(std::string_view spec, const std::string& where) {
  const auto id = [](const Wire& wire) {
    return static_cast<int>(static_cast<int64_t>(wire.number));
  };
  Wire wire(spec, where);
  while (wire.next()) {
    if (wire.field == 3) {
      if (wire.number != 1 && wire.number != 2) {
        throw Error(where,
                    fmt::format("its model type {} is neither unigram nor BPE", wire.number));
      }
      unigram = wire.number == 1;
    }
    if (wire.field == 35) byte_fallback = wire.number != 0;
    if (wire.field == 41) bos = id(wire);
    if (wire.field == 42) eos = id(wire);
    if (wire.field == 43) pad = id(wire);
  }
}

void Tokenizer::Impl::parse_normalizer(std::string_view spec, const std::string& where) {
  std::string name;
  bool charsmap = false;
  Wire wire(spec, where);
  while (wire.next()) {
    if (wire.field == 1) name = wire.bytes;
    if (wire.field == 2) charsmap = !wire.bytes.empty();
    if (wire.field == 3) dummy_prefix = wire.number != 0;
    if (wire.field == 4) extra_whitespace_removed = wire.number != 0;
  }
  if (charsmap) {
    throw Error(where, "its normaliser '" + name + "' is not the identity",
                "retrain it with identity");
  }
}

std::string Tokenizer::Impl::prepare(std::string_view text) const {
  std::string plain(text);
  if (extra_whitespace_removed) {
    plain.clear();
    for (char c : text) {
      if (c != ' ' || (!plain.empty() && plain.back() != ' ')) plain.push_back(c);
    }
  }
  if (dummy_prefix && !plain.empty()) plain.insert(0, " ");
  std::string escaped;
  for (char c : plain) {
    if (c == ' ') {
      escaped += kSpace;
    } else {
      escaped.push_back(c);
    }
  }
  while (extra_whitespace_removed && escaped.ends_with(kSpace)) {
    escaped.resize(escaped.size() - kSpace.size());
  }
  return escaped;
}

size_t Tokenizer::Impl::user_defined_at(std::string_view text) const {
  for (const std::string& piece : user_defined) {
    if (text.starts_with(piece)) return piece.size();
  }
  return 0;
}

// Byte-pair encoding: the adjacent pair whose union scores best is merged, leftmost first.
std::vector<std::string_view> Tokenizer::Impl::merge(std::string_view text) const {
  struct Symbol {
    std::string_view text;
    bool frozen;
  };
  std::vector<Symbol> symbols;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t defined = user_defined_at(rest);
    const size_t length = defined > 0 ? defined : character_length(rest);
    symbols.push_back({rest.substr(0, length), defined > 0});
    rest.remove_prefix(length);
  }
  for (;;) {
    size_t best = symbols.size();
    float best_score = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      if (symbols[i].frozen || symbols[i + 1].frozen) continue;
      const std::string_view joined(symbols[i].text.data(),
                                    symbols[i].text.size() + symbols[i + 1].text.size());
      const auto found = ids.find(std::string(joined));
      if (found == ids.end()) continue;
      const float score = pieces[found->second].score;
      if (best == symbols.size() || score > best_score) {
        best = i;
        best_score = score;
      }
    }
    if (best == symbols.size()) break;
    symbols[best].text = {symbols[best].text.data(),
                          symbols[best].text.size() + symbols[best + 1].text.size()};
    symbols.erase(symbols.begin() + static_cast<int64_t>(best) + 1);
  }
  std::vector<std::string_view> result;
  result.reserve(symbols.size());
  for (const Symbol& symbol : symbols) result.push_back(symbol.text);
  return result;
}

// Unigram: the segmentation of the highest total score (Viterbi). Ties fall as libsentencepiece's:
// it compares sums in double with stored sums in float.
std::vector<std::string_view> Tokenizer::Impl::best_path(std::string_view text) const {
  constexpr float kUnknownPenalty = 10;
  constexpr double kUserDefinedScore = -0.1;
  size_t longest = 0;
  for (const auto& [piece, id] : ids) longest = std::max(longest, piece.size());
  struct Node {
    float score = -std::numeric_limits<float>::infinity();
    size_t from = 0;
  };
  std::vector<Node> nodes(text.size() + 1);
  nodes[0].score = 0;
  const auto offer = [&](size_t from, size_t to, double score) {
    const double sum = score + nodes[from].score;
    if (sum > nodes[to].score) nodes[to] = {static_cast<float>(sum), from};
  };
  for (size_t at = 0; at < text.size(); at += character_length(text.substr(at))) {
    const size_t one = character_length(text.substr(at));
    bool single = false;
    for (size_t length = one; at + length <= text.size() && length <= longest; ++length) {
      const auto found = ids.find(std::string(text.substr(at, length)));
      if (found == ids.end()) continue;
      single |= length == one;
      const Piece& piece = pieces[found->second];
      offer(at, at + length, piece.type == kUserDefined ? kUserDefinedScore : piece.score);
    }
    if (!single) offer(at, at + one, lowest_score - kUnknownPenalty);
  }
  std::vector<std::string_view> result;
  for (size_t to = text.size(); to > 0; to = nodes[to].from) {
    result.push_back(text.substr(nodes[to].from, to - nodes[to].from));
  }
  std::reverse(result.begin(), result.end());
  return result;
}

void Tokenizer::Impl::append(std::string_view piece, std::vector<int>& out) const {
  const auto found = ids.find(std::string(piece));
  if (found != ids.end()) return out.push_back(found->second);
  if (!byte_fallback) {  // a run of unknown characters is one token
    if (out.empty() || out.back() != unk) out.push_back(unk);
    return;
  }
  for (char c : piece) out.push_back(byte_ids[static_cast<uint8_t>(c)]);
}

Tokenizer::Tokenizer() : impl_(std::make_unique<Impl>()) {}
Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::open(const std::filesystem::path& model_file) {
  std::shared_ptr<Tokenizer> tokenizer(new Tokenizer());
  tokenizer->impl_->bytes = io::read_text(model_file);
  tokenizer->impl_->parse(model_file.string());
  return tokenizer;
}

std::vector<int> Tokenizer::encode(std::string_view text) const {
  const std::string prepared = impl_->prepare(text);
  std::vector<int> ids;
  for (std::string_view piece :
       impl_->unigram ? impl_->best_path(prepared) : impl_->merge(prepared)) {
    impl_->append(piece, ids);
  }
  return ids;
}

std::string Tokenizer::decode(const std::vector<int>& ids) const {
  std::string text;
  // Removes the space that prepare() adds, and those that it removes, at the start.
  bool strip = impl_->dummy_prefix || impl_->extra_whitespace_removed;
  for (int id : ids) {
    if (id < 0 || id >= vocab_size()) continue;
    const Impl::Piece& piece = impl_->pieces[id];
    if (piece.type == kByte) {
      text.push_back(static_cast<char>(byte_of(piece.text).value_or(0)));
    } else if (piece.type == kUnknown) {
      text += " \xE2\x81\x87 ";
    } else if (piece.type != kControl) {
      const bool stripped = strip && text.empty() && piece.text.starts_with(kSpace);
      text += piece.text.substr(stripped ? kSpace.size() : 0);
      if (stripped) strip = impl_->extra_whitespace_removed;
    }
  }
  for (size_t at = 0; (at = text.find(kSpace, at)) != std::string::npos; ++at) {
    text.replace(at, kSpace.size(), " ");
  }
  return text;
}

const std::string& Tokenizer::piece(int id) const {
  if (id < 0 || id >= vocab_size()) {
    throw Error("vocabulary", fmt::format("has no token {}", id));
  }
  return impl_->pieces[id].text;
}

int Tokenizer::vocab_size() const { return static_cast<int>(impl_->pieces.size()); }
int Tokenizer::pad_id() const { return std::max(impl_->pad, 0); }
int Tokenizer::bos_id() const { return impl_->bos; }
int Tokenizer::eos_id() const { return impl_->eos; }
const std::string& Tokenizer::bytes() const { return impl_->bytes; }

}  // namespace gyre
