#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/data/dataset_rows.h"

namespace gyre::data {
namespace {

using io::Column;
using io::ColumnKind;

// Shortcuts to what a table may or may not hold.
struct Cells {
  const io::Table& table;

  const Column* at(const std::string& name, ColumnKind kind) const {
    const Column* column = table.find(name);
    return column != nullptr && column->kind == kind ? column : nullptr;
  }
  std::vector<float> vector(const Column& column, size_t row) const {
    const auto [first, last] = column.items(row);
    const Column& items = column.children[0];
    const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(last);
    if (items.kind == ColumnKind::kFloat) {
      return {items.floats.begin() + begin, items.floats.begin() + end};
    }
    return {items.doubles.begin() + begin, items.doubles.begin() + end};
  }
  const Column& required_vectors(const std::string& name) const {
    const Column* column = at(name, ColumnKind::kList);
    if (column == nullptr || (column->children[0].kind != ColumnKind::kFloat &&
                              column->children[0].kind != ColumnKind::kDouble)) {
      throw Error("", fmt::format("column '{}' holds no lists of numbers", name));
    }
    return *column;
  }
};

// The subtask that is active at `time`: the last entry not after it.
std::string active_subtask(const Column& language, size_t row, float time) {
  const Column& entry = language.children[0];
  const auto find = [&](const char* name) -> const Column* {
    for (const Column& child : entry.children) {
      if (child.name == name) return &child;
    }
    return nullptr;
  };
  const Column *content = find("content"), *style = find("style"), *at = find("timestamp");
  if (content == nullptr || style == nullptr || at == nullptr) return "";
  std::string active;
  const auto [first, last] = language.items(row);
  for (size_t i = first; i < last; ++i) {
    if (style->strings[i] == "subtask" && at->floats[i] <= time + 1e-4f) {
      active = content->strings[i];
    }
  }
  return active;
}

}  // namespace

std::vector<std::string> known_columns() {
  std::vector<std::string> names = {"observation.state",   "action",       "observation.grounding",
                                    "next.success",        "intervention", "source",
                                    "language_persistent", "timestamp",    "episode_index",
                                    "frame_index",         "task_index"};
  for (const char* part : {"time_ns", "policy_action", "policy_acted", "clamped", "clamp_reason",
                           "chunk_id", "chunk_index", "inference_ms", "tracking_residual"}) {
    names.push_back(std::string(kComponentInfo) + part);
  }
  return names;
}

void fill_rows(const io::Table& table, const std::map<int64_t, std::string>& tasks,
               EpisodeRows& episode) {
  const Cells cells{table};
  const auto info = [&](const char* part, ColumnKind kind) {
    return cells.at(std::string(kComponentInfo) + part, kind);
  };
  const Column& state = cells.required_vectors("observation.state");
  const Column& action = cells.required_vectors("action");
  const Column* timestamp = cells.at("timestamp", ColumnKind::kFloat);
  const Column* frame = cells.at("frame_index", ColumnKind::kInt64);
  const Column* task = cells.at("task_index", ColumnKind::kInt64);
  if (timestamp == nullptr || frame == nullptr || task == nullptr) {
    throw Error("", "timestamp, frame_index and task_index have not LeRobot's types");
  }
  const Column* grounding = cells.at("observation.grounding", ColumnKind::kList);
  const Column* intervention = cells.at("intervention", ColumnKind::kBool);
  const Column* source = cells.at("source", ColumnKind::kString);
  const Column* language = cells.at("language_persistent", ColumnKind::kList);
  const Column* success = cells.at("next.success", ColumnKind::kBool);
  const Column* time_ns = info("time_ns", ColumnKind::kInt64);
  const Column* wanted = info("policy_action", ColumnKind::kList);
  const Column* acted = info("policy_acted", ColumnKind::kBool);
  const Column* clamped = info("clamped", ColumnKind::kBool);
  const Column* reason = info("clamp_reason", ColumnKind::kString);
  const Column* chunk = info("chunk_id", ColumnKind::kInt64);
  const Column* chunk_index = info("chunk_index", ColumnKind::kInt64);
  const Column* latency = info("inference_ms", ColumnKind::kFloat);
  const Column* residual = info("tracking_residual", ColumnKind::kFloat);
  if (success != nullptr) {
    episode.success =
        std::find(success->bools.begin(), success->bools.end(), 1) != success->bools.end();
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    Row step;
    step.index = frame->ints[row];
    step.time_ns =
        time_ns != nullptr ? time_ns->ints[row] : std::llround(timestamp->floats[row] * 1e9);
    step.state = cells.vector(state, row);
    const auto words = tasks.find(task->ints[row]);
    step.task = words == tasks.end() ? "" : words->second;
    if (language != nullptr) step.subtask = active_subtask(*language, row, timestamp->floats[row]);
    step.action = cells.vector(action, row);
    if (grounding != nullptr) step.grounding = cells.vector(*grounding, row);
    if (wanted != nullptr && acted != nullptr && acted->bools[row] != 0) {
      step.policy_action = cells.vector(*wanted, row);
    }
    step.source = source != nullptr ? source_from_name(source->strings[row]) : Source::kHuman;
    if (intervention != nullptr) step.intervention = intervention->bools[row] != 0;
    if (clamped != nullptr) step.clamped = clamped->bools[row] != 0;
    if (reason != nullptr) step.clamp_reason = reason->strings[row];
    if (chunk != nullptr) step.chunk_id = chunk->ints[row];
    if (chunk_index != nullptr) step.chunk_index = static_cast<int>(chunk_index->ints[row]);
    if (latency != nullptr) step.inference_ms = latency->floats[row];
    if (residual != nullptr) step.tracking_residual = residual->floats[row];
    episode.rows.push_back(std::move(step));
  }
}

}  // namespace gyre::data
