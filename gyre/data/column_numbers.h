#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "gyre/io/parquet.h"

namespace gyre::data {

// A column as numbers, whatever type a file gave it: truth values, integers, single or double
// precision; one a row, a list of them, or lists in a list (a matrix, row by row). The only place
// where others' types become ours. The column must outlive it.
class ColumnNumbers {
 public:
  // Throws Error naming the column when it holds something else.
  explicit ColumnNumbers(const io::Column& column);
  // Whether the constructor would take it; null is no column.
  static bool holds(const io::Column* column);

  size_t rows() const { return column_->rows(); }
  bool is_null(size_t row) const { return column_->is_null(row); }
  // Stored as 32-bit floating point, so a number is off by up to 2^-24 of itself.
  bool single_precision() const;

  // The numbers of a row appended to `to`, which must be `width`; one that is missing is NaN, and a
  // row that is missing all NaN. Throws Error naming column and row for another count.
  void append(size_t row, size_t width, std::vector<float>& to) const;
  // The one number of a row. Throws Error for a list of several.
  double one(size_t row) const;
  // The same as a whole number. Throws Error naming column and row when it is missing or a part.
  int64_t whole(size_t row) const;

 private:
  std::pair<size_t, size_t> leaves(size_t row) const;
  double leaf_at(size_t at) const;

  const io::Column* column_;
  const io::Column* leaf_;  // the numbers themselves, below all lists
};

// The field of a struct (or of a list of structs) by name; null when there is none.
const io::Column* field_of(const io::Column& column, const std::string& name);

}  // namespace gyre::data
