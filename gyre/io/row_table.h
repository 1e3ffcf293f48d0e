#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gyre/io/parquet.h"

namespace gyre::io {

// A C++ value as a Column stores it: bool, int64_t, double, text, or a list of floats.
inline void append_value(bool value, Column& column) { column.bools.push_back(value ? 1 : 0); }
inline void append_value(int64_t value, Column& column) { column.ints.push_back(value); }
inline void append_value(double value, Column& column) { column.doubles.push_back(value); }
inline void append_value(const std::string& value, Column& column) {
  column.strings.push_back(value);
}
inline void append_value(const std::vector<float>& value, Column& column) {
  std::vector<float>& items = column.children[0].floats;
  items.insert(items.end(), value.begin(), value.end());
  column.ends.push_back(static_cast<int64_t>(items.size()));
}
template <class T>
void append_value(const std::optional<T>& value, Column& column) {
  const size_t row = column.rows();
  append_value(value ? *value : T{}, column);
  if (!value || !column.nulls.empty()) {
    column.nulls.resize(row);
    column.nulls.push_back(value ? 0 : 1);
  }
}

inline Column empty_column(std::string name, const bool*) {
  return bool_column(std::move(name), {});
}
inline Column empty_column(std::string name, const int64_t*) {
  return int_column(std::move(name), {});
}
inline Column empty_column(std::string name, const double*) {
  return double_column(std::move(name), {});
}
inline Column empty_column(std::string name, const std::string*) {
  return string_column(std::move(name), {});
}
inline Column empty_column(std::string name, const std::vector<float>*) {
  return list_column(std::move(name), float_column("", {}), 0, 0);
}
template <class T>
Column empty_column(std::string name, const std::optional<T>*) {
  return empty_column(std::move(name), static_cast<const T*>(nullptr));
}

// A table that is filled row by row. `Ts` are the types of its columns; std::optional: with nulls.
template <class... Ts>
class RowTable {
 public:
  explicit RowTable(const std::array<const char*, sizeof...(Ts)>& names) {
    size_t i = 0;
    (table_.columns.push_back(empty_column(names[i++], static_cast<const Ts*>(nullptr))), ...);
  }
  void add(const Ts&... values) {
    size_t i = 0;
    (append_value(values, table_.columns[i++]), ...);
  }
  const Table& table() const { return table_; }

 private:
  Table table_;
};

}  // namespace gyre::io
