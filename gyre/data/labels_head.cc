#include "gyre/data/labels_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <span>
#include <tuple>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"

namespace gyre::data {
namespace {

constexpr std::array<std::pair<LabelType, const char*>, 10> kTypeWords = {{
    {LabelType::kOutcome, "outcome"},
    {LabelType::kQuality, "quality"},
    {LabelType::kProgress, "progress"},
    {LabelType::kValue, "value"},
    {LabelType::kAdvantage, "advantage"},
    {LabelType::kTarget, "target"},
    {LabelType::kSubtask, "subtask"},
    {LabelType::kWords, "words"},
    {LabelType::kText, "text"},
    {LabelType::kExclusion, "exclusion"},
}};

void require_name(const char* field, const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
  if (text.empty() || !plain || text.front() == '.') {
    throw Error(fmt::format("label stream, {} '{}'", field, text), "is no name",
                "use letters, digits, '_', '-' and '.'");
  }
}

void require_word(const char* field, const std::string& word,
                  std::initializer_list<const char*> words) {
  for (const char* known : words) {
    if (word == known) return;
  }
  std::string all;
  for (const char* known : words) all.append(all.empty() ? "" : ", ").append(known);
  throw Error(fmt::format("label, {} '{}'", field, word), "is none of " + all);
}

void check_number(LabelType type, const Label& label) {
  const std::string word = label_type_word(type);
  if (!label.value || label.text) throw Error("label of type " + word, "needs a number, no text");
  const double value = *label.value;
  if (!std::isfinite(value)) throw Error("label of type " + word, "is not finite");
  const bool low = value < 0 && (type == LabelType::kProgress || type == LabelType::kTarget);
  if (low || (value > 1 && type == LabelType::kProgress)) {
    throw Error(fmt::format("label of type {}, {}", word, value),
                type == LabelType::kProgress ? "is not from 0 to 1" : "is below 0");
  }
}

void add_field(std::string& bytes, std::string_view text) {
  bytes += std::to_string(text.size());
  bytes += ':';
  bytes += text;
}

void add_bits(std::string& bytes, const void* value) {
  std::array<char, 8> raw{};
  std::memcpy(raw.data(), value, raw.size());
  bytes.append(raw.data(), raw.size());
}

}  // namespace

std::string label_type_word(LabelType type) {
  return kTypeWords.at(static_cast<size_t>(type)).second;
}

LabelType parse_label_type(const std::string& word) {
  std::vector<std::string> words;
  for (const auto& [type, known] : kTypeWords) {
    if (word == known) return type;
    words.emplace_back(known);
  }
  const std::string nearest = nearest_name(word, words);
  throw Error(fmt::format("label type '{}'", word), "is not known",
              nearest.empty() ? "`gyre data label add --help` lists them"
                              : fmt::format("did you mean '{}'?", nearest));
}

bool is_number(LabelType type) {
  return type == LabelType::kQuality || type == LabelType::kProgress || type == LabelType::kValue ||
         type == LabelType::kAdvantage || type == LabelType::kTarget;
}

void check_head(const LabelHead& head) {
  require_name("name", head.name);
  if (head.author.empty()) {
    throw Error("label stream '" + head.name + "'", "has no author", "say who with --author NAME");
  }
  require_word("kind", head.kind, {"person", "program", "model", "import"});
}

void check_label(LabelType type, const Label& label) {
  const std::string word = label_type_word(type);
  if (label.begin_ns.has_value() != label.end_ns.has_value()) {
    throw Error("label of type " + word, "has one of begin and end alone", "set both or neither");
  }
  if (label.begin_ns && (*label.begin_ns < 0 || *label.end_ns < *label.begin_ns)) {
    throw Error("label of type " + word,
                fmt::format("goes from {} to {} ns", *label.begin_ns, *label.end_ns),
                "begin at 0 or later, and end after that");
  }
  if (type == LabelType::kOutcome && label.begin_ns) {
    throw Error("label of type outcome", "is about a part of an episode", "leave the times out");
  }
  if (type == LabelType::kSubtask && !label.begin_ns) {
    throw Error("label of type subtask", "has no times", "say from which frame to which");
  }
  if (is_number(type)) return check_number(type, label);
  if (!label.text || label.value) throw Error("label of type " + word, "needs text, no number");
  if (type == LabelType::kOutcome) {
    require_word("outcome", *label.text, {"success", "failure", "unknown"});
  }
}

void sort_labels(std::vector<Label>& labels) {
  const auto key = [](const Label& label) {
    return std::tie(label.recorded, label.begin_ns, label.end_ns, label.value, label.text);
  };
  std::ranges::sort(labels, [&](const Label& a, const Label& b) { return key(a) < key(b); });
}

std::string hash_labels(const LabelHead& head, const std::vector<Label>& labels) {
  std::string bytes;
  for (const std::string& field :
       {head.name, label_type_word(head.type), head.version, head.author, head.kind,
        head.model_hash, head.arguments, head.contract_hash}) {
    add_field(bytes, field);
  }
  for (const Label& label : labels) {
    add_field(bytes, label.recorded);
    bytes += label.begin_ns ? 't' : '-';
    const int64_t begin = label.begin_ns.value_or(0), end = label.end_ns.value_or(0);
    add_bits(bytes, &begin);
    add_bits(bytes, &end);
    const double value = label.value.value_or(0);
    bytes += label.value ? 'v' : '-';
    add_bits(bytes, &value);
    bytes += label.text ? 's' : '-';
    add_field(bytes, label.text.value_or(""));
  }
  return sha256_hex(bytes, 16);
}

}  // namespace gyre::data
