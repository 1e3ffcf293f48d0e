#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The words of label streams: a label says something about an episode, a span or a step of it, and
// the head of its stream says who said so.
namespace gyre::data {

enum class LabelType {
  kOutcome,    // text: success, failure or unknown, of whole episodes
  kQuality,    // number
  kProgress,   // number from 0 to 1
  kValue,      // number
  kAdvantage,  // number
  kTarget,     // number from 0 on: how much the action counts in learning; 0: it is no target
  kSubtask,    // text, of spans
  kWords,      // text: an instruction that fits
  kText,       // text
  kExclusion,  // text, the reason: not to be learnt from
};
std::string label_type_word(LabelType type);
// Throws Error with the nearest word.
LabelType parse_label_type(const std::string& word);
bool is_number(LabelType type);

struct LabelHead {
  std::string name;  // letters, digits, '_', '-' and '.'
  LabelType type = LabelType::kText;
  std::string version;     // of the author's rule or model
  std::string author;      // a person, a program or a model
  std::string kind;        // "person", "program", "model" or "import"
  std::string time;        // UTC, "2026-11-30T15:04:05Z"; "" where the run that made it says when
  std::string model_hash;  // of the policy or model that said it; "" where none did
  std::string arguments;   // of the command
  std::string contract_hash;  // Embodiment::contract_hash() of the episodes
  bool operator==(const LabelHead&) const = default;
};

// Throws Error naming the field that is empty or not one of its words.
void check_head(const LabelHead& head);

// Times count from the recorded episode's first row. Both unset: the whole episode. Equal: one
// step. A span holds every row from begin to end, the last one included.
struct Label {
  std::string recorded;  // Recorded::hash
  std::optional<int64_t> begin_ns, end_ns;
  std::optional<double> value;      // of types of numbers
  std::optional<std::string> text;  // of types of text
  bool operator==(const Label&) const = default;
};

// Throws Error naming the value or time that a label of this type cannot have.
void check_label(LabelType type, const Label& label);

// By episode and time; what holds for a whole episode comes first.
void sort_labels(std::vector<Label>& labels);
// 16 hex digits over the head without its time, and the labels in order.
std::string hash_labels(const LabelHead& head, const std::vector<Label>& labels);

}  // namespace gyre::data
