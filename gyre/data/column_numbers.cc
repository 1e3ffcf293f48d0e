#include "gyre/data/column_numbers.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

using io::ColumnKind;

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53

const io::Column* below_lists(const io::Column& column) {
  const io::Column* leaf = &column;
  while (leaf->kind == ColumnKind::kList && !leaf->children.empty()) leaf = &leaf->children[0];
  return leaf;
}

bool is_number(ColumnKind kind) {
  return kind == ColumnKind::kBool || kind == ColumnKind::kInt64 || kind == ColumnKind::kFloat ||
         kind == ColumnKind::kDouble;
}

}  // namespace

ColumnNumbers::ColumnNumbers(const io::Column& column)
    : column_(&column), leaf_(below_lists(column)) {
  if (!is_number(leaf_->kind)) {
    throw Error("", fmt::format("column '{}' holds no numbers", column.name),
                "store numbers or lists of numbers");
  }
}

bool ColumnNumbers::holds(const io::Column* column) {
  return column != nullptr && is_number(below_lists(*column)->kind);
}

bool ColumnNumbers::single_precision() const { return leaf_->kind == ColumnKind::kFloat; }

std::pair<size_t, size_t> ColumnNumbers::leaves(size_t row) const {
  size_t first = row, last = row + 1;
  for (const io::Column* level = column_; level != leaf_; level = &level->children[0]) {
    if (first == last) return {0, 0};
    const size_t end = level->items(last - 1).second;
    first = level->items(first).first;
    last = end;
  }
  return {first, last};
}

double ColumnNumbers::leaf_at(size_t at) const {
  if (leaf_->is_null(at)) return std::numeric_limits<double>::quiet_NaN();
  switch (leaf_->kind) {
    case ColumnKind::kBool:
      return leaf_->bools[at];
    case ColumnKind::kInt64:
      return static_cast<double>(leaf_->ints[at]);
    case ColumnKind::kFloat:
      return leaf_->floats[at];
    default:
      return leaf_->doubles[at];
  }
}

void ColumnNumbers::append(size_t row, size_t width, std::vector<float>& to) const {
  if (is_null(row)) {
    to.insert(to.end(), width, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  const auto [first, last] = leaves(row);
  if (last - first != width) {
    throw Error("",
                fmt::format("column '{}' holds {} numbers in row {}, where meta/ says {}",
                            column_->name, last - first, row, width),
                "mend the file, or the feature's shape in meta/info.json");
  }
  if (leaf_->kind == ColumnKind::kFloat) {
    const auto begin = leaf_->floats.begin();
    to.insert(to.end(), begin + static_cast<std::ptrdiff_t>(first),
              begin + static_cast<std::ptrdiff_t>(last));
    return;
  }
  for (size_t at = first; at < last; ++at) to.push_back(static_cast<float>(leaf_at(at)));
}

double ColumnNumbers::one(size_t row) const {
  if (is_null(row)) return std::numeric_limits<double>::quiet_NaN();
  const auto [first, last] = leaves(row);
  if (last - first != 1) {
    throw Error("", fmt::format("column '{}' holds {} numbers in row {}, not one", column_->name,
                                last - first, row));
  }
  return leaf_at(first);
}

int64_t ColumnNumbers::whole(size_t row) const {
  if (leaf_ == column_ && leaf_->kind == ColumnKind::kInt64 && !is_null(row)) {
    return leaf_->ints[row];
  }
  const double value = one(row);
  if (!(std::abs(value) <= kLargestWhole) || value != std::floor(value)) {
    throw Error(
        "", fmt::format("column '{}' holds {} in row {}, which is no whole number", column_->name,
                        std::isnan(value) ? "nothing" : fmt::format("{}", value), row));
  }
  return static_cast<int64_t>(value);
}

const io::Column* field_of(const io::Column& column, const std::string& name) {
  const io::Column* from = below_lists(column);
  for (const io::Column& child : from->children) {
    if (child.name == name) return &child;
  }
  return nullptr;
}

}  // namespace gyre::data
