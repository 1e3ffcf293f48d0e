#include "gyre/data/dataset_edit_stats.h"

#include <algorithm>
#include <cmath>

#include "gyre/data/dataset_stats.h"

namespace gyre::data {
namespace {

using io::Column;
using io::ColumnKind;

bool is_number(ColumnKind kind) {
  return kind == ColumnKind::kBool || kind == ColumnKind::kInt64 || kind == ColumnKind::kFloat ||
         kind == ColumnKind::kDouble;
}

float number_at(const Column& column, size_t row) {
  switch (column.kind) {
    case ColumnKind::kBool:
      return column.bools[row];
    case ColumnKind::kInt64:
      return static_cast<float>(column.ints[row]);
    case ColumnKind::kFloat:
      return column.floats[row];
    default:
      return static_cast<float>(column.doubles[row]);
  }
}

}  // namespace

bool is_numeric(const Column& column) {
  return is_number(column.kind) ||
         (column.kind == ColumnKind::kList && is_number(column.children[0].kind));
}

bool numbers_of(const Column& column, size_t row, std::vector<float>& values) {
  values.clear();
  if (!is_numeric(column) || column.is_null(row)) return false;
  if (column.kind != ColumnKind::kList) {
    values.push_back(number_at(column, row));
    return true;
  }
  const auto [first, last] = column.items(row);
  for (size_t i = first; i < last; ++i) values.push_back(number_at(column.children[0], i));
  return !values.empty();
}

void TableStats::add(const io::Table& table) {
  for (const Column& column : table.columns) {
    if (!is_numeric(column)) continue;
    Running* running = nullptr;
    for (size_t row = 0; row < table.rows(); ++row) {
      if (!numbers_of(column, row, values_)) continue;
      if (running == nullptr) {
        const size_t width = values_.size();
        running =
            &columns_.try_emplace(column.name, Running{width, RunningStats(width, kExactRows)})
                 .first->second;
      }
      const bool counts =
          values_.size() == running->width &&
          std::all_of(values_.begin(), values_.end(), [](float v) { return std::isfinite(v); });
      if (counts) {
        running->stats.add(values_);
      } else {
        ++passed_over_;
      }
    }
  }
}

std::map<std::string, Stats> TableStats::stats() const {
  std::map<std::string, Stats> result;
  for (const auto& [name, running] : columns_) {
    if (running.stats.count() > 0) result[name] = running.stats.stats();
  }
  return result;
}

}  // namespace gyre::data
