#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/io/parquet.h"

// Statistics over the numeric columns of any dataset.
namespace gyre::data {

// The numbers of one row of a column of numbers or of lists of numbers, as float32; false when it
// has none (text, deeper nesting, a missing value).
bool numbers_of(const io::Column& column, size_t row, std::vector<float>& values);
// Whether a column can hold such numbers.
bool is_numeric(const io::Column& column);

// Of all rows that were added. A row with a value that is not finite, or of another width than the
// first, does not count.
class TableStats {
 public:
  void add(const io::Table& table);
  std::map<std::string, Stats> stats() const;  // by column
  int64_t passed_over() const { return passed_over_; }

 private:
  struct Running {
    size_t width;
    RunningStats stats;
  };
  std::map<std::string, Running> columns_;
  std::vector<float> values_;
  int64_t passed_over_ = 0;
};

}  // namespace gyre::data
