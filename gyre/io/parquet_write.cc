#include <fmt/format.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/parquet_library.h"

namespace gyre::io {
namespace {

constexpr duckdb_type scalar_type(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kBool:
      return DUCKDB_TYPE_BOOLEAN;
    case ColumnKind::kFloat:
      return DUCKDB_TYPE_FLOAT;
    case ColumnKind::kDouble:
      return DUCKDB_TYPE_DOUBLE;
    case ColumnKind::kString:
      return DUCKDB_TYPE_VARCHAR;
    case ColumnKind::kBytes:
      return DUCKDB_TYPE_BLOB;
    default:
      return DUCKDB_TYPE_BIGINT;
  }
}

duckdb_logical_type type_of(const DuckdbApi& api, const Column& column) {
  if (column.kind != ColumnKind::kList && column.kind != ColumnKind::kStruct) {
    return api.create_logical_type(scalar_type(column.kind));
  }
  std::vector<duckdb_logical_type> types;
  std::vector<const char*> names;
  for (const Column& child : column.children) {
    types.push_back(type_of(api, child));
    names.push_back(child.name.c_str());
  }
  const duckdb_logical_type type =
      column.kind == ColumnKind::kList
          ? api.create_list_type(types[0])
          : api.create_struct_type(types.data(), names.data(), types.size());
  for (duckdb_logical_type& child : types) api.destroy_logical_type(&child);
  return type;
}

template <class T>
void copy(const std::vector<T>& from, size_t first, size_t count, void* to) {
  std::copy_n(from.data() + first, count, static_cast<T*>(to));
}

// Rows [first, first + count) of the column become rows [0, count) of the vector.
void fill(const DuckdbApi& api, const Column& column, size_t first, size_t count,
          duckdb_vector vector) {
  for (size_t i = 0; i < count; ++i) {
    if (!column.is_null(first + i)) continue;
    api.vector_ensure_validity_writable(vector);
    api.validity_set_row_invalid(api.vector_get_validity(vector), i);
  }
  void* data = api.vector_get_data(vector);
  switch (column.kind) {
    case ColumnKind::kBool:
      return copy(column.bools, first, count, data);
    case ColumnKind::kInt64:
      return copy(column.ints, first, count, data);
    case ColumnKind::kFloat:
      return copy(column.floats, first, count, data);
    case ColumnKind::kDouble:
      return copy(column.doubles, first, count, data);
    case ColumnKind::kString:
    case ColumnKind::kBytes:
      for (size_t i = 0; i < count; ++i) {
        const std::string& text = column.strings[first + i];
        if (column.is_null(first + i)) continue;
        api.vector_assign_string_element_len(vector, i, text.data(), text.size());
      }
      return;
    case ColumnKind::kStruct:
      for (size_t c = 0; c < column.children.size(); ++c) {
        fill(api, column.children[c], first, count, api.struct_vector_get_child(vector, c));
      }
      return;
    case ColumnKind::kList: {
      const size_t begin = count == 0 ? 0 : column.items(first).first;
      const size_t end = count == 0 ? 0 : column.items(first + count - 1).second;
      for (size_t i = 0; i < count; ++i) {
        const auto [from, to] = column.items(first + i);
        static_cast<duckdb_list_entry*>(data)[i] = {from - begin, to - from};
      }
      api.list_vector_reserve(vector, end - begin);
      api.list_vector_set_size(vector, end - begin);
      fill(api, column.children[0], begin, end - begin, api.list_vector_get_child(vector));
      return;
    }
  }
}

// The rows that the table function returns. DuckDB's callbacks take no argument of ours without its
// own accessors, which are found at run time; they run on the calling thread (the database has
// one), where this is set while a file is written.
struct Rows {
  const DuckdbApi& api;
  std::span<const Table> row_groups;
  size_t group = 0, row = 0;  // what comes next
};
thread_local Rows* current_rows = nullptr;

void bind(duckdb_bind_info info) {
  const DuckdbApi& api = current_rows->api;
  for (const Column& column : current_rows->row_groups[0].columns) {
    duckdb_logical_type type = type_of(api, column);
    api.bind_add_result_column(info, column.name.c_str(), type);
    api.destroy_logical_type(&type);
  }
}

void start(duckdb_init_info info) { current_rows->api.init_set_max_threads(info, 1); }

// One chunk; DuckDB makes each one a row group.
void next(duckdb_function_info, duckdb_data_chunk chunk) {
  Rows& rows = *current_rows;
  while (rows.group < rows.row_groups.size() && rows.row == rows.row_groups[rows.group].rows()) {
    ++rows.group;
    rows.row = 0;
  }
  size_t count = 0;
  if (rows.group < rows.row_groups.size()) {
    const Table& table = rows.row_groups[rows.group];
    count = std::min<size_t>(table.rows() - rows.row, rows.api.vector_size());
    for (size_t i = 0; i < table.columns.size(); ++i) {
      fill(rows.api, table.columns[i], rows.row, count, rows.api.data_chunk_get_vector(chunk, i));
    }
    rows.row += count;
  }
  rows.api.data_chunk_set_size(chunk, count);
}

std::string sql_text(const std::string& text) {
  std::string result = "'";
  for (char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result + "'";
}

std::string sql_name(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"') result += c;
    result += c;
  }
  return result + "\"";
}

void require_rectangular(const std::filesystem::path& file, std::span<const Table> row_groups) {
  if (row_groups.empty() || row_groups[0].columns.empty()) {
    throw Error(file.string(), "no table to write");
  }
  for (const Table& table : row_groups) {
    const bool same_width = table.columns.size() == row_groups[0].columns.size();
    for (const Column& column : table.columns) {
      if (!same_width || column.rows() != table.rows()) {
        throw Error(file.string(), fmt::format("column '{}' has {} rows, not {}", column.name,
                                               column.rows(), table.rows()));
      }
    }
  }
}

}  // namespace

void register_rows(const DuckdbApi& api, duckdb_connection connection) {
  duckdb_table_function function = api.create_table_function();
  api.table_function_set_name(function, "gyre_rows");
  api.table_function_set_bind(function, bind);
  api.table_function_set_init(function, start);
  api.table_function_set_function(function, next);
  const bool registered = api.register_table_function(connection, function) == DuckDBSuccess;
  api.destroy_table_function(&function);
  if (!registered) throw Error("DuckDB", "refuses the table function that feeds Parquet files");
}

void Parquet::write(const std::filesystem::path& file, std::span<const Table> row_groups,
                    const std::vector<std::pair<std::string, std::string>>& metadata,
                    const std::vector<std::string>& types) const {
  require_rectangular(file, row_groups);
  std::string columns;
  for (size_t i = 0; i < types.size(); ++i) {
    const std::string name = sql_name(row_groups[0].columns.at(i).name);
    columns += i == 0 ? "" : ", ";
    columns += types[i].empty() ? name : fmt::format("CAST({0} AS {1}) AS {0}", name, types[i]);
  }
  Rows rows{database_->api, row_groups};
  const DuckdbConnection connection(rows.api, database_->handle);
  std::string keys;
  for (const auto& [key, value] : metadata) {
    keys += fmt::format("{}{}: {}", keys.empty() ? "" : ", ", sql_text(key), sql_text(value));
  }
  write_atomically(file, [&](const std::filesystem::path& temporary) {
    current_rows = &rows;
    connection.query(
        fmt::format("COPY (SELECT {} FROM gyre_rows()) TO {} (FORMAT parquet, COMPRESSION snappy, "
                    "ROW_GROUP_SIZE 1{})",
                    columns.empty() ? "*" : columns, sql_text(temporary.string()),
                    keys.empty() ? "" : ", KV_METADATA {" + keys + "}"),
        file.string());
  });
}

}  // namespace gyre::io
