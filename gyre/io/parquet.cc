#include "gyre/io/parquet.h"

namespace gyre::io {

size_t Column::rows() const {
  switch (kind) {
    case ColumnKind::kBool:
      return bools.size();
    case ColumnKind::kInt64:
      return ints.size();
    case ColumnKind::kFloat:
      return floats.size();
    case ColumnKind::kDouble:
      return doubles.size();
    case ColumnKind::kString:
    case ColumnKind::kBytes:
      return strings.size();
    case ColumnKind::kList:
      return ends.size();
    case ColumnKind::kStruct:
      return children.empty() ? 0 : children[0].rows();
  }
  return 0;
}

size_t Column::bytes() const {
  size_t sum = bools.size() + 8 * ints.size() + 4 * floats.size() + 8 * doubles.size() +
               8 * ends.size() + nulls.size();
  for (const std::string& text : strings) sum += text.size() + 4;
  for (const Column& child : children) sum += child.bytes();
  return sum;
}

std::pair<size_t, size_t> Column::items(size_t row) const {
  return {row == 0 ? 0 : static_cast<size_t>(ends[row - 1]), static_cast<size_t>(ends[row])};
}

Column bool_column(std::string name, std::vector<uint8_t> values) {
  Column column{.name = std::move(name), .kind = ColumnKind::kBool};
  column.bools = std::move(values);
  return column;
}

Column int_column(std::string name, std::vector<int64_t> values) {
  Column column{.name = std::move(name), .kind = ColumnKind::kInt64};
  column.ints = std::move(values);
  return column;
}

Column float_column(std::string name, std::vector<float> values) {
  Column column{.name = std::move(name), .kind = ColumnKind::kFloat};
  column.floats = std::move(values);
  return column;
}

Column double_column(std::string name, std::vector<double> values) {
  Column column{.name = std::move(name), .kind = ColumnKind::kDouble};
  column.doubles = std::move(values);
  return column;
}

Column string_column(std::string name, std::vector<std::string> values) {
  Column column{.name = std::move(name), .kind = ColumnKind::kString};
  column.strings = std::move(values);
  return column;
}

Column bytes_column(std::string name, std::vector<std::string> values) {
  Column column = string_column(std::move(name), std::move(values));
  column.kind = ColumnKind::kBytes;
  return column;
}

Column list_column(std::string name, Column items, size_t length, size_t rows) {
  Column column{.name = std::move(name), .kind = ColumnKind::kList};
  for (size_t row = 1; row <= rows; ++row)
    column.ends.push_back(static_cast<int64_t>(row * length));
  items.name = "element";
  column.children.push_back(std::move(items));
  return column;
}

namespace {

template <class T>
void take(const std::vector<T>& from, size_t first, size_t count, std::vector<T>& to) {
  if (from.empty()) return;
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
  to.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Column slice(const Column& column, size_t first, size_t count) {
  Column result{.name = column.name, .kind = column.kind};
  take(column.bools, first, count, result.bools);
  take(column.ints, first, count, result.ints);
  take(column.floats, first, count, result.floats);
  take(column.doubles, first, count, result.doubles);
  take(column.strings, first, count, result.strings);
  take(column.ends, first, count, result.ends);
  take(column.nulls, first, count, result.nulls);
  if (column.kind == ColumnKind::kList && count > 0) {
    const size_t begin = column.items(first).first, end = column.items(first + count - 1).second;
    for (int64_t& row_end : result.ends) row_end -= static_cast<int64_t>(begin);
    first = begin;
    count = end - begin;
  }
  for (const Column& child : column.children) {
    result.children.push_back(slice(child, first, count));
  }
  return result;
}

Table slice(const Table& table, size_t first, size_t count) {
  Table result;
  for (const Column& column : table.columns) result.columns.push_back(slice(column, first, count));
  return result;
}

void append(const Column& from, Column& to) {
  if (!from.nulls.empty() || !to.nulls.empty()) {
    to.nulls.resize(to.rows());
    to.nulls.insert(to.nulls.end(), from.nulls.begin(), from.nulls.end());
    to.nulls.resize(to.rows() + from.rows());
  }
  const int64_t before = to.ends.empty() ? 0 : to.ends.back();
  for (const int64_t end : from.ends) to.ends.push_back(before + end);
  to.bools.insert(to.bools.end(), from.bools.begin(), from.bools.end());
  to.ints.insert(to.ints.end(), from.ints.begin(), from.ints.end());
  to.floats.insert(to.floats.end(), from.floats.begin(), from.floats.end());
  to.doubles.insert(to.doubles.end(), from.doubles.begin(), from.doubles.end());
  to.strings.insert(to.strings.end(), from.strings.begin(), from.strings.end());
  for (size_t c = 0; c < from.children.size(); ++c) append(from.children[c], to.children[c]);
}

const Column* Table::find(const std::string& name) const {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace gyre::io
