#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gyre::io {

enum class ColumnKind { kBool, kInt64, kFloat, kDouble, kString, kBytes, kList, kStruct };

// A column of a table, nested as in Arrow. One of the vectors is in use, by `kind`.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kInt64;
  std::vector<uint8_t> bools;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<double> doubles;
  std::vector<std::string> strings;  // text or bytes
  std::vector<int64_t> ends;         // list: where each row's items end in children[0]
  std::vector<Column> children;      // list: the items; struct: its fields
  std::vector<uint8_t> nulls;        // [rows], 1 where there is no value; empty: none

  size_t rows() const;
  size_t bytes() const;  // in memory, of the values
  bool is_null(size_t row) const { return !nulls.empty() && nulls[row] != 0; }
  // The items of a list's row: [first, second) in children[0].
  std::pair<size_t, size_t> items(size_t row) const;
};

Column bool_column(std::string name, std::vector<uint8_t> values);
Column int_column(std::string name, std::vector<int64_t> values);
Column float_column(std::string name, std::vector<float> values);
Column double_column(std::string name, std::vector<double> values);
Column string_column(std::string name, std::vector<std::string> values);
Column bytes_column(std::string name, std::vector<std::string> values);
// Lists of the same length in every row. `items.rows()` is rows * length.
Column list_column(std::string name, Column items, size_t length, size_t rows);

struct Table {
  std::vector<Column> columns;

  size_t rows() const { return columns.empty() ? 0 : columns[0].rows(); }
  const Column* find(const std::string& name) const;
};

// Rows [first, first + count).
Column slice(const Column& column, size_t first, size_t count);
Table slice(const Table& table, size_t first, size_t count);

// Appends the rows of a column of the same type.
void append(const Column& from, Column& to);

struct ParquetColumn {
  std::string name, type;  // DuckDB's name of the type: "FLOAT[]"

  bool is_read() const;  // whether Parquet::read() takes this type
};

// Parquet files by DuckDB's C library, which is opened at run time. Const and thread-safe.
class Parquet {
 public:
  // Tries each of `libraries` in turn. Throws Error saying how to install it when none opens.
  static std::shared_ptr<const Parquet> open(
      const std::vector<std::filesystem::path>& libraries = default_libraries());
  // The path found at build time, the program's own folder, and the system's library path.
  static std::vector<std::filesystem::path> default_libraries();
  ~Parquet();

  // All rows in order, or those where a column of numbers has one value; at most `most_rows` of
  // them (0: all). The path is taken as it is: no letter of it is a pattern, no folder of it a
  // column. All integer types become int64, half precision floats, decimals doubles, text and bytes
  // strings, arrays lists. Throws Error naming the file when it is missing, truncated, a Git LFS
  // pointer, has no such column, a column of another type (times, maps), more than kMostValues in a
  // column of a row group, or does not fit into a quarter of the machine's memory.
  static constexpr int64_t kMostValues = int64_t{1} << 27;
  struct RowFilter {
    std::string column;
    int64_t value = 0;
  };
  Table read(const std::filesystem::path& file, const std::vector<std::string>& columns = {},
             const std::optional<RowFilter>& filter = std::nullopt, int64_t most_rows = 0) const;
  std::vector<ParquetColumn> columns(const std::filesystem::path& file) const;

  // Snappy, dictionary encoding, atomically. Each table becomes one row group (of at most 2,048
  // rows, else several); all have the same columns. Metadata are keys of the file's footer.
  // `types`: what each column becomes in the file, by DuckDB's name ("UTINYINT"); "": as it is.
  void write(const std::filesystem::path& file, std::span<const Table> row_groups,
             const std::vector<std::pair<std::string, std::string>>& metadata = {},
             const std::vector<std::string>& types = {}) const;

  // The value of a key of the footer, or "".
  std::string metadata(const std::filesystem::path& file, const std::string& key) const;

  // What stands for the rows of these files in SQL after FROM. Throws Error for a missing one.
  static std::string from(std::span<const std::filesystem::path> files);
  // Any SQL of DuckDB; `about` is named in the Error.
  Table query(const std::string& sql, const std::string& about) const;
  // From now on SQL may be a stranger's: no file but these is opened, nothing is fetched, and no
  // setting changes any more.
  void close_to(std::span<const std::filesystem::path> files) const;
  // One statement that only reads (SELECT, WITH, VALUES, DESCRIBE). Types that a Table does not
  // hold, such as times, come as text. Throws Error in one line for a statement of another kind,
  // for several, and with DuckDB's words; Interrupted after a stop request.
  Table select(const std::string& sql) const;
  const std::string& version() const { return version_; }

 private:
  Parquet();
  void refuse_bomb(const std::string& metadata, const std::string& about) const;
  struct Database;
  std::unique_ptr<Database> database_;
  std::string version_;
};

}  // namespace gyre::io
