#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/lfs_pointer.h"
#include "gyre/io/parquet_library.h"

namespace gyre::io {
namespace {

std::string quoted(const std::string& text, char quote) {
  std::string result(1, quote);
  for (char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

// "['a.parquet', 'b.parquet']"; DuckDB looks for patterns in a path.
std::string file_list(std::span<const std::filesystem::path> files) {
  std::string names;
  for (const std::filesystem::path& file : files) {
    if (!std::filesystem::exists(file))
      throw Error(file.string(), "no such file", "check the path");
    std::string path;
    for (const char c : file.string()) {
      const bool pattern = c == '[' || c == '*' || c == '?';
      path += pattern ? fmt::format("[{}]", c) : std::string(1, c);
    }
    names += (names.empty() ? "" : ", ") + quoted(std::as_const(path), '\'');
  }
  return "[" + names + "]";
}

// A file under a name that means nothing to DuckDB, which takes '*', '?' and '[' in a path for a
// pattern, folders named KEY=VALUE for columns and '~' for a person's folder.
class NamedByNumber {
 public:
  explicit NamedByNumber(const std::filesystem::path& file) : file_(file.string()) {
    // Without O_NONBLOCK a pipe would wait for a writer.
    descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0 && errno == ENOENT) throw Error(file_, "no such file", "check the path");
    if (descriptor_ < 0) throw_file_error(file, "read", errno);
    struct stat status {};
    ::fstat(descriptor_, &status);
    std::array<char, 64> start{};
    const ssize_t n = ::pread(descriptor_, start.data(), start.size(), 0);
    const std::string_view text(start.data(), n < 0 ? 0 : static_cast<size_t>(n));
    if (S_ISREG(status.st_mode) && !is_lfs_pointer(text)) return;
    ::close(descriptor_);
    if (S_ISREG(status.st_mode)) throw_lfs_pointer(file);
    throw Error(file_, "is no file", "check the path");
  }
  ~NamedByNumber() { ::close(descriptor_); }
  NamedByNumber(const NamedByNumber&) = delete;
  NamedByNumber& operator=(const NamedByNumber&) = delete;

  std::string table() const {
    return fmt::format("read_parquet('{}', hive_partitioning = false)", name());
  }
  std::string metadata() const { return fmt::format("parquet_metadata('{}')", name()); }
  // DuckDB's words about it, with the file's own name.
  std::string named(std::string message) const {
    for (size_t at = 0; (at = message.find(name(), at)) != std::string::npos; at += file_.size()) {
      message.replace(at, name().size(), file_);
    }
    return message;
  }

 private:
  std::string name() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

  std::string file_;
  int descriptor_ = -1;
};

// The values of DuckDB's vectors, chunk after chunk, appended to columns.
class Reader {
 public:
  explicit Reader(const DuckdbApi& api) : api_(api) {}

  // An empty column of this type, with all below it.
  Column column_of(duckdb_logical_type type, std::string name) const {
    Column column{.name = std::move(name)};
    switch (api_.get_type_id(type)) {
      case DUCKDB_TYPE_BOOLEAN:
        column.kind = ColumnKind::kBool;
        break;
      case DUCKDB_TYPE_TINYINT:
      case DUCKDB_TYPE_SMALLINT:
      case DUCKDB_TYPE_INTEGER:
      case DUCKDB_TYPE_BIGINT:
      case DUCKDB_TYPE_UTINYINT:
      case DUCKDB_TYPE_USMALLINT:
      case DUCKDB_TYPE_UINTEGER:
      case DUCKDB_TYPE_UBIGINT:
        column.kind = ColumnKind::kInt64;
        break;
      case DUCKDB_TYPE_FLOAT:
        column.kind = ColumnKind::kFloat;
        break;
      case DUCKDB_TYPE_DOUBLE:
      case DUCKDB_TYPE_DECIMAL:
      case DUCKDB_TYPE_HUGEINT:
        column.kind = ColumnKind::kDouble;
        break;
      case DUCKDB_TYPE_VARCHAR:
        column.kind = ColumnKind::kString;
        break;
      case DUCKDB_TYPE_BLOB:
        column.kind = ColumnKind::kBytes;
        break;
      case DUCKDB_TYPE_LIST:
        column.kind = ColumnKind::kList;
        column.children.push_back(child_of(api_.list_type_child_type(type), "element"));
        break;
      case DUCKDB_TYPE_ARRAY:
        column.kind = ColumnKind::kList;
        column.children.push_back(child_of(api_.array_type_child_type(type), "element"));
        break;
      case DUCKDB_TYPE_STRUCT:
        column.kind = ColumnKind::kStruct;
        for (idx_t i = 0; i < api_.struct_type_child_count(type); ++i) {
          char* field = api_.struct_type_child_name(type, i);
          const std::string field_name = field;
          api_.free(field);
          column.children.push_back(child_of(api_.struct_type_child_type(type, i), field_name));
        }
        break;
      default:
        throw Error("", fmt::format("column '{}' has a type that is not read", column.name),
                    "store numbers, text, lists or structs");
    }
    return column;
  }

  void append(duckdb_vector vector, duckdb_logical_type type, size_t first, size_t count,
              Column& to) const {
    append_nulls(vector, first, count, to);
    void* data = api_.vector_get_data(vector);
    switch (api_.get_type_id(type)) {
      case DUCKDB_TYPE_BOOLEAN:
        return copy<uint8_t>(data, first, count, to.bools);
      case DUCKDB_TYPE_TINYINT:
        return copy<int8_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_SMALLINT:
        return copy<int16_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_INTEGER:
        return copy<int32_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_BIGINT:
        return copy<int64_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_UTINYINT:
        return copy<uint8_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_USMALLINT:
        return copy<uint16_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_UINTEGER:
        return copy<uint32_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_UBIGINT:
        return copy<uint64_t>(data, first, count, to.ints);
      case DUCKDB_TYPE_FLOAT:
        copy<float>(data, first, count, to.floats);
        return mark_missing(to.floats, to, count);
      case DUCKDB_TYPE_DOUBLE:
        copy<double>(data, first, count, to.doubles);
        return mark_missing(to.doubles, to, count);
      case DUCKDB_TYPE_HUGEINT:
        append_scaled(data, DUCKDB_TYPE_HUGEINT, 0, first, count, to.doubles);
        return mark_missing(to.doubles, to, count);
      case DUCKDB_TYPE_DECIMAL:
        append_scaled(data, api_.decimal_internal_type(type), api_.decimal_scale(type), first,
                      count, to.doubles);
        return mark_missing(to.doubles, to, count);
      case DUCKDB_TYPE_VARCHAR:
      case DUCKDB_TYPE_BLOB:
        return append_strings(static_cast<duckdb_string_t*>(data), first, count, to);
      case DUCKDB_TYPE_LIST:
        return append_lists(vector, type, first, count, to);
      case DUCKDB_TYPE_ARRAY:
        return append_arrays(vector, type, first, count, to);
      default:  // a struct: column_of() let nothing else through
        for (size_t i = 0; i < to.children.size(); ++i) {
          with_type(api_.struct_type_child_type(type, i), [&](duckdb_logical_type child) {
            append(api_.struct_vector_get_child(vector, i), child, first, count, to.children[i]);
          });
        }
    }
  }

 private:
  template <class Use>
  void with_type(duckdb_logical_type type, Use&& use) const {
    use(type);
    api_.destroy_logical_type(&type);
  }

  Column child_of(duckdb_logical_type type, const std::string& name) const {
    Column column;
    with_type(type, [&](duckdb_logical_type t) { column = column_of(t, name); });
    return column;
  }

  template <class From, class To>
  static void copy(const void* data, size_t first, size_t count, std::vector<To>& to) {
    const From* from = static_cast<const From*>(data) + first;
    to.insert(to.end(), from, from + count);
  }

  // Whole numbers of any width, of which the last `digits` stand behind the point.
  static void append_scaled(const void* data, duckdb_type type, int digits, size_t first,
                            size_t count, std::vector<double>& to) {
    const double scale = std::pow(10.0, digits);
    for (size_t i = first; i < first + count; ++i) {
      double value = 0;
      switch (type) {
        case DUCKDB_TYPE_SMALLINT:
          value = static_cast<const int16_t*>(data)[i];
          break;
        case DUCKDB_TYPE_INTEGER:
          value = static_cast<const int32_t*>(data)[i];
          break;
        case DUCKDB_TYPE_BIGINT:
          value = static_cast<double>(static_cast<const int64_t*>(data)[i]);
          break;
        default: {
          const auto& wide = static_cast<const duckdb_hugeint*>(data)[i];
          value = std::ldexp(static_cast<double>(wide.upper), 64) + static_cast<double>(wide.lower);
        }
      }
      to.push_back(value / scale);
    }
  }

  // A number that is missing is not a number.
  template <class T>
  static void mark_missing(std::vector<T>& values, const Column& column, size_t count) {
    for (size_t i = values.size() - count; i < values.size(); ++i) {
      if (column.is_null(i)) values[i] = std::numeric_limits<T>::quiet_NaN();
    }
  }

  void append_nulls(duckdb_vector vector, size_t first, size_t count, Column& to) const {
    uint64_t* validity = api_.vector_get_validity(vector);
    const size_t before = to.rows();
    for (size_t i = 0; i < count; ++i) {
      const bool null = validity != nullptr && !api_.validity_row_is_valid(validity, first + i);
      if (null && to.nulls.empty()) to.nulls.assign(before + i, 0);
      if (null || !to.nulls.empty()) to.nulls.push_back(null);
    }
  }

  static void append_strings(duckdb_string_t* data, size_t first, size_t count, Column& to) {
    for (size_t i = first; i < first + count; ++i) {
      const bool null = to.is_null(to.strings.size());
      const auto& inlined = data[i].value.inlined;
      const char* text = inlined.length <= 12 ? inlined.inlined : data[i].value.pointer.ptr;
      to.strings.emplace_back(null ? "" : std::string(text, inlined.length));
    }
  }

  void append_lists(duckdb_vector vector, duckdb_logical_type type, size_t first, size_t count,
                    Column& to) const {
    const auto* entries = static_cast<duckdb_list_entry*>(api_.vector_get_data(vector));
    const duckdb_vector items = api_.list_vector_get_child(vector);
    with_type(api_.list_type_child_type(type), [&](duckdb_logical_type child) {
      for (size_t i = first; i < first + count; ++i) {
        const bool null = to.is_null(to.ends.size());
        if (!null) append(items, child, entries[i].offset, entries[i].length, to.children[0]);
        to.ends.push_back(static_cast<int64_t>(to.children[0].rows()));
      }
    });
  }

  void append_arrays(duckdb_vector vector, duckdb_logical_type type, size_t first, size_t count,
                     Column& to) const {
    const size_t length = api_.array_type_array_size(type);
    with_type(api_.array_type_child_type(type), [&](duckdb_logical_type child) {
      append(api_.array_vector_get_child(vector), child, first * length, count * length,
             to.children[0]);
    });
    const int64_t before = to.ends.empty() ? 0 : to.ends.back();
    for (size_t i = 1; i <= count; ++i) {
      to.ends.push_back(before + static_cast<int64_t>(i * length));
    }
  }

  const DuckdbApi& api_;
};

// Destroys what DuckDB hands out, also when reading throws.
struct Result {
  const DuckdbApi& api;
  duckdb_result value{};
  std::vector<duckdb_logical_type> types;
  ~Result() {
    for (duckdb_logical_type& type : types) api.destroy_logical_type(&type);
    api.destroy_result(&value);
  }
};

}  // namespace

Table DuckdbConnection::query(const std::string& sql, const std::string& about) const {
  Result result{api_, {}, {}};
  if (api_.query(connection_, sql.c_str(), &result.value) != DuckDBSuccess) {
    const char* message = api_.result_error(&result.value);
    throw Error(about, message == nullptr ? "DuckDB failed" : message);
  }
  const Reader reader(api_);
  Table table;
  for (idx_t i = 0; i < api_.column_count(&result.value); ++i) {
    result.types.push_back(api_.column_logical_type(&result.value, i));
    try {
      table.columns.push_back(
          reader.column_of(result.types.back(), api_.column_name(&result.value, i)));
    } catch (const Error& error) {
      throw Error(about, error.what());
    }
  }
  while (duckdb_data_chunk chunk = api_.fetch_chunk(result.value)) {
    const size_t rows = api_.data_chunk_get_size(chunk);
    for (size_t i = 0; i < table.columns.size(); ++i) {
      reader.append(api_.data_chunk_get_vector(chunk, i), result.types[i], 0, rows,
                    table.columns[i]);
    }
    api_.destroy_data_chunk(&chunk);
  }
  return table;
}

std::string Parquet::from(std::span<const std::filesystem::path> files) {
  return "read_parquet(" + file_list(files) + ", hive_partitioning = false)";
}

std::string Parquet::metadata(const std::filesystem::path& file, const std::string& key) const {
  const Table found =
      query(fmt::format("SELECT value FROM parquet_kv_metadata({}) WHERE decode(key) = {}",
                        file_list({&file, 1}), quoted(key, '\'')),
            file.string());
  return found.rows() == 0 ? "" : found.columns[0].strings[0];
}

Table Parquet::query(const std::string& sql, const std::string& about) const {
  return DuckdbConnection(database_->api, database_->handle).query(sql, about);
}

bool ParquetColumn::is_read() const {
  for (const char* word : {"TIME", "DATE", "INTERVAL", "MAP(", "UUID", "ENUM", "UNION", "BIT",
                           "UHUGEINT", "GEOMETRY", "VARIANT"}) {
    if (type.find(word) != std::string::npos) return false;
  }
  return true;
}

// A row group is read in pieces, of which one may hold all values of a column: a file of a few
// kilobytes can say that it has a billion equal ones in one row.
void Parquet::refuse_bomb(const std::string& metadata, const std::string& about) const {
  const Table most = query("SELECT max(num_values)::BIGINT FROM " + metadata, about);
  if (most.rows() == 0 || most.columns[0].is_null(0)) return;
  if (most.columns[0].ints[0] <= kMostValues) return;
  throw Error(about,
              fmt::format("a row group says that it holds {} values of a column, more than {}",
                          most.columns[0].ints[0], kMostValues),
              "write it again in smaller row groups");
}

Table Parquet::read(const std::filesystem::path& file, const std::vector<std::string>& columns,
                    const std::optional<RowFilter>& filter, int64_t most_rows) const {
  const NamedByNumber opened(file);
  std::string names;
  for (const std::string& column : columns) {
    names += (names.empty() ? "" : ", ") + quoted(column, '"');
  }
  std::string sql = "SELECT " + (names.empty() ? "*" : names) + " FROM " + opened.table();
  if (filter) sql += fmt::format(" WHERE {} = {}", quoted(filter->column, '"'), filter->value);
  if (most_rows > 0) sql += fmt::format(" LIMIT {}", most_rows);
  try {
    refuse_bomb(opened.metadata(), file.string());
    return query(sql, file.string());
  } catch (const Error& error) {
    throw Error("", opened.named(error.what()));
  }
}

std::vector<ParquetColumn> Parquet::columns(const std::filesystem::path& file) const {
  const NamedByNumber opened(file);
  try {
    const Table table = query("DESCRIBE SELECT * FROM " + opened.table(), file.string());
    std::vector<ParquetColumn> result;
    for (size_t i = 0; i < table.rows(); ++i) {
      result.push_back({table.columns[0].strings[i], table.columns[1].strings[i]});
    }
    return result;
  } catch (const Error& error) {
    throw Error("", opened.named(error.what()));
  }
}

}  // namespace gyre::io
