#include "gyre/data/dataset_edit_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace gyre::data {
namespace {

using io::Column;
using io::ColumnKind;

Column* column_of(io::Table& table, const std::string& name) {
  for (Column& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const Column* child_of(const Column& column, const std::string& name) {
  for (const Column& child : column.children) {
    if (child.name == name) return &child;
  }
  return nullptr;
}

void set_ints(io::Table& table, const std::string& name, std::vector<int64_t> values) {
  Column* column = column_of(table, name);
  if (column == nullptr) {
    table.columns.push_back(io::int_column(name, std::move(values)));
    return;
  }
  *column = io::int_column(name, std::move(values));
}

// Values on the grid of frames stay exactly there.
double shifted(double time, double start, double fps) {
  const double moved = time - start, grid = std::round(moved * fps) / fps;
  return std::abs(moved - grid) < 1e-4 ? grid : moved;
}

// Seconds of the row; its number over the rate where there is no column of times.
double time_at(const io::Table& table, size_t row, double fps) {
  const Column* times = table.find("timestamp");
  if (times != nullptr && times->kind == ColumnKind::kFloat) return times->floats[row];
  if (times != nullptr && times->kind == ColumnKind::kDouble) return times->doubles[row];
  return static_cast<double>(row) / fps;
}

void shift_times(io::Table& table, double start_s, double fps) {
  Column* times = column_of(table, "timestamp");
  if (times == nullptr) return;
  for (float& t : times->floats) t = static_cast<float>(shifted(t, start_s, fps));
  for (double& t : times->doubles) t = shifted(t, start_s, fps);
}

// LeRobot's persistent annotations: a list of entries with times. What was in force at the first
// kept frame begins there; what begins after the last one goes.
void shift_language(io::Table& table, double start_s, double end_s) {
  Column* language = column_of(table, "language_persistent");
  if (language == nullptr || language->kind != ColumnKind::kList) return;
  const Column& entry = language->children[0];
  const Column* times = child_of(entry, "timestamp");
  if (times == nullptr || times->kind != ColumnKind::kFloat) return;
  const auto text = [&](const char* name, size_t i) {
    const Column* column = child_of(entry, name);
    return column != nullptr && column->kind == ColumnKind::kString ? column->strings[i] : "";
  };
  Column result = io::slice(*language, 0, 0);
  result.nulls = language->nulls;
  const auto time_child = static_cast<size_t>(times - entry.children.data());
  for (size_t row = 0; row < language->rows(); ++row) {
    const auto [first, last] = language->items(row);
    // Of entries that the cut puts at the begin, the last of each kind is in force.
    std::map<std::tuple<std::string, std::string, std::string>, size_t> in_force;
    for (size_t i = first; i < last; ++i) {
      if (times->floats[i] <= start_s + 1e-4) {
        in_force[{text("role", i), text("style", i), text("camera", i)}] = i;
      }
    }
    for (size_t i = first; i < last; ++i) {
      const double time = times->floats[i];
      const bool before = time <= start_s + 1e-4;
      if (before && in_force[{text("role", i), text("style", i), text("camera", i)}] != i) continue;
      if (time > end_s + 1e-4) continue;
      io::append(io::slice(entry, i, 1), result.children[0]);
      result.children[0].children[time_child].floats.back() =
          before ? 0.0f : static_cast<float>(time - start_s);
    }
    result.ends.push_back(static_cast<int64_t>(result.children[0].rows()));
  }
  *language = std::move(result);
}

// A whole number, also one that is a list of one (others' shape [1]); 0 where there is none.
int64_t task_at(const Column* column, size_t row) {
  if (column == nullptr) return 0;
  if (column->kind == ColumnKind::kInt64) return column->ints[row];
  if (column->kind != ColumnKind::kList || column->children[0].kind != ColumnKind::kInt64) return 0;
  const auto [first, last] = column->items(row);
  return first < last ? column->children[0].ints[first] : 0;
}

// "It ended", "it succeeded" stand in one row, which may be cut off.
void keep_outcome(const io::Table& whole, const std::string& name, size_t end, io::Table& cut) {
  const Column* column = whole.find(name);
  Column* kept = column_of(cut, name);
  if (column == nullptr || column->kind != ColumnKind::kBool) return;
  const auto removed = column->bools.begin() + static_cast<std::ptrdiff_t>(end);
  if (std::find(removed, column->bools.end(), 1) != column->bools.end()) kept->bools.back() = 1;
}

}  // namespace

io::Table edited_rows(const io::Table& episode, const RowsPlace& place) {
  const auto first = static_cast<size_t>(place.first), count = static_cast<size_t>(place.frames);
  io::Table table = io::slice(episode, first, count);
  if (count < episode.rows()) {
    const double start_s = time_at(episode, first, place.fps);
    const double end_s = time_at(episode, first + count - 1, place.fps);
    shift_language(table, start_s, end_s);
    shift_times(table, start_s, place.fps);
    keep_outcome(episode, "next.done", first + count, table);
    keep_outcome(episode, "next.success", first + count, table);
  }
  std::vector<int64_t> frame(count), index(count), task(count, 0);
  const Column* source_task = episode.find("task_index");
  for (size_t i = 0; i < count; ++i) {
    frame[i] = static_cast<int64_t>(i);
    index[i] = place.first_index + frame[i];
    task[i] = place.task_index(task_at(source_task, first + i));
  }
  if (place.retime) std::erase_if(table.columns, [](auto& c) { return c.name == "timestamp"; });
  if (table.find("timestamp") == nullptr) {
    std::vector<float> times(count);
    for (size_t i = 0; i < count; ++i) {
      times[i] = static_cast<float>(static_cast<double>(i) / place.fps);
    }
    table.columns.push_back(io::float_column("timestamp", std::move(times)));
  }
  set_ints(table, "frame_index", std::move(frame));
  set_ints(table, "episode_index", std::vector<int64_t>(count, place.episode_index));
  set_ints(table, "index", std::move(index));
  set_ints(table, "task_index", std::move(task));
  return table;
}

}  // namespace gyre::data
