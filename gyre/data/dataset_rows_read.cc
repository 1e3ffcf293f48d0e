#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"
#include "gyre/data/dataset_rows.h"

namespace gyre::data {
namespace {

using io::Column;
using io::ColumnKind;

// The columns of a table that may be there and may hold what is expected.
class Optional {
 public:
  Optional(const io::Table& table, const Notices& tell) : table_(table), tell_(tell) {}

  std::optional<ColumnNumbers> numbers(const std::string& name) const {
    const Column* column = table_.find(name);
    if (column == nullptr) return std::nullopt;
    if (!ColumnNumbers::holds(column)) return pass_over(name, "numbers"), std::nullopt;
    return ColumnNumbers(*column);
  }
  const Column* words(const std::string& name) const {
    const Column* column = table_.find(name);
    if (column == nullptr || column->kind == ColumnKind::kString) return column;
    pass_over(name, "text");
    return nullptr;
  }
  void pass_over(const std::string& name, const char* what) const {
    tell_(fmt::format("column '{}' is passed over: it holds no {}", name, what));
  }

 private:
  const io::Table& table_;
  const Notices& tell_;
};

// A single number that is missing says nothing.
double number_at(const std::optional<ColumnNumbers>& column, size_t row, double otherwise) {
  if (!column) return otherwise;
  const double value = column->one(row);
  return std::isfinite(value) ? value : otherwise;
}

bool flag_at(const std::optional<ColumnNumbers>& column, size_t row) {
  return number_at(column, row, 0) != 0;
}

int64_t whole_at(const std::optional<ColumnNumbers>& column, size_t row, int64_t otherwise) {
  return column && !column->is_null(row) ? column->whole(row) : otherwise;
}

// LeRobot's persistent annotations.
class Language {
 public:
  Language(const Column* column, const Optional& optional) {
    if (column == nullptr) return;
    const Column *content = field_of(*column, "content"), *style = field_of(*column, "style");
    const Column* at = field_of(*column, "timestamp");
    if (column->kind != ColumnKind::kList || content == nullptr || style == nullptr ||
        content->kind != ColumnKind::kString || style->kind != ColumnKind::kString ||
        !ColumnNumbers::holds(at) || column->children[0].kind != ColumnKind::kStruct) {
      optional.pass_over(column->name, "annotations (content, style, timestamp)");
      return;
    }
    entries_ = column;
    content_ = content;
    style_ = style;
    time_.emplace(*at);
  }

  // The subtask that is active at `time`: the last entry not after it.
  std::string subtask(size_t row, double time) const {
    std::string active;
    if (entries_ == nullptr || entries_->is_null(row)) return active;
    const auto [first, last] = entries_->items(row);
    for (size_t i = first; i < last; ++i) {
      if (style_->is_null(i) || content_->is_null(i) || style_->strings[i] != "subtask") continue;
      if (time_->one(i) <= time + 1e-4 + single_precision_slack(time)) {
        active = content_->strings[i];
      }
    }
    return active;
  }

 private:
  const Column *entries_ = nullptr, *content_ = nullptr, *style_ = nullptr;
  std::optional<ColumnNumbers> time_;
};

// Words of others in a column that is Gyre's by its name say nothing of who drove.
Source source_of(const Column& words, size_t row, const RowsAsked& asked) {
  const std::string& word = words.strings[row];
  for (int i = 0; i < kSources; ++i) {
    if (source_name(static_cast<Source>(i)) == word) return static_cast<Source>(i);
  }
  if (asked.gyre) return source_from_name(word);
  asked.tell("column 'source' is passed over: its words are not Gyre's");
  return Source::kHuman;
}

std::vector<std::pair<ColumnNumbers, size_t>> columns_of(
    const io::Table& table, const std::vector<RowsAsked::Part>& parts) {
  std::vector<std::pair<ColumnNumbers, size_t>> columns;
  for (const RowsAsked::Part& part : parts) {
    const Column* column = table.find(part.column);
    if (column == nullptr) throw Error("", fmt::format("no column '{}'", part.column));
    columns.emplace_back(ColumnNumbers(*column), part.width);
  }
  return columns;
}

std::string task_of(const std::optional<ColumnNumbers>& index, size_t row, const RowsAsked& asked,
                    const std::string& otherwise) {
  if (!index) return otherwise;
  const int64_t number = whole_at(index, row, -1);
  const auto words = asked.tasks.find(number);
  if (words != asked.tasks.end()) return words->second;
  asked.tell(fmt::format(
      "meta/ has no words for task {}: {}", number,
      otherwise.empty() ? "its frames have none" : "the episode's one task stands for them"));
  return otherwise;
}

}  // namespace

std::vector<std::string> known_columns() {
  std::vector<std::string> names = {
      "observation.grounding", "next.success", "intervention", "source",
      "language_persistent",   "timestamp",    "frame_index",  "task_index"};
  for (const char* part : {"time_ns", "policy_action", "policy_acted", "clamped", "clamp_reason",
                           "chunk_id", "chunk_index", "inference_ms", "tracking_residual"}) {
    names.push_back(std::string(kComponentInfo) + part);
  }
  return names;
}

void fill_rows(const io::Table& table, const FrameTimes& times, const RowsAsked& asked,
               const std::string& task_words, EpisodeRows& episode) {
  const Optional optional(table, asked.tell);
  const auto info = [&](const char* part) {
    return optional.numbers(std::string(kComponentInfo) + part);
  };
  const auto state = columns_of(table, asked.state), action = columns_of(table, asked.action);
  const auto task = optional.numbers("task_index");
  const auto grounding = optional.numbers("observation.grounding");
  const auto intervention = optional.numbers("intervention");
  const auto success = optional.numbers("next.success");
  const Column* source = optional.words("source");
  const Language language(table.find("language_persistent"), optional);
  const auto time_ns = info("time_ns"), wanted = info("policy_action"),
             acted = info("policy_acted");
  const auto clamped = info("clamped"), chunk = info("chunk_id"), place = info("chunk_index");
  const auto latency = info("inference_ms"), residual = info("tracking_residual");
  const Column* reason = optional.words(std::string(kComponentInfo) + "clamp_reason");
  size_t action_width = 0;
  for (const RowsAsked::Part& part : asked.action) action_width += part.width;
  if (success) {
    bool any = false;
    for (size_t row = 0; row < table.rows(); ++row) any = any || flag_at(success, row);
    episode.success = any;
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    Row step;
    step.index = times.number[row];
    step.time_ns = whole_at(time_ns, row, std::llround(times.seconds[row] * 1e9));
    for (const auto& [column, width] : state) column.append(row, width, step.state);
    for (const auto& [column, width] : action) column.append(row, width, step.action);
    step.task = task_of(task, row, asked, task_words);
    step.subtask = language.subtask(row, times.seconds[row]);
    if (grounding) grounding->append(row, 6 * asked.cameras, step.grounding);
    if (wanted && flag_at(acted, row)) wanted->append(row, action_width, step.policy_action);
    step.source = source != nullptr ? source_of(*source, row, asked) : Source::kHuman;
    step.intervention = flag_at(intervention, row);
    step.clamped = flag_at(clamped, row);
    if (reason != nullptr) step.clamp_reason = reason->strings[row];
    step.chunk_id = whole_at(chunk, row, -1);
    step.chunk_index = static_cast<int>(whole_at(place, row, -1));
    step.inference_ms = static_cast<float>(number_at(latency, row, 0));
    step.tracking_residual = static_cast<float>(number_at(residual, row, 0));
    episode.rows.push_back(std::move(step));
  }
}

}  // namespace gyre::data
