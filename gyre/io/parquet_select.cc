#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/parquet_library.h"

namespace gyre::io {
namespace {

constexpr const char* kQuestion = "the question";

std::string in_quotes(const std::string& text, char quote) {
  std::string result(1, quote);
  for (const char c : text) result.append(c == quote ? 2 : 1, c);
  return result + quote;
}

// DuckDB's words in one line, without the drawing of the place below them.
std::string one_line(const std::string& message) {
  std::string line;
  for (const char c : message.substr(0, message.find("LINE "))) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// One parsed and bound statement.
class Prepared {
 public:
  Prepared(const DuckdbApi& api, duckdb_connection connection, const std::string& sql)
      : api_(api), count_(api.extract_statements(connection, sql.c_str(), &statements_)) {
    if (count_ != 1) return;
    bound_ =
        api.prepare_extracted_statement(connection, statements_, 0, &prepared_) == DuckDBSuccess;
  }
  ~Prepared() {
    api_.destroy_prepare(&prepared_);
    api_.destroy_extracted(&statements_);
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  // Throws Error unless this is one statement that only reads.
  void require_reading() const {
    const char* message = count_ == 0              ? api_.extract_statements_error(statements_)
                          : !bound_ && count_ == 1 ? api_.prepare_error(prepared_)
                                                   : nullptr;
    if (message != nullptr) throw Error(kQuestion, one_line(message));
    if (count_ != 1) {
      throw Error(kQuestion, fmt::format("is {} statements", count_), "ask one SELECT at a time");
    }
    if (api_.prepared_statement_type(prepared_) != DUCKDB_STATEMENT_TYPE_SELECT) {
      throw Error(kQuestion, "does not only read", "a question is one SELECT");
    }
  }

 private:
  const DuckdbApi& api_;
  duckdb_extracted_statements statements_ = nullptr;
  idx_t count_ = 0;
  duckdb_prepared_statement prepared_ = nullptr;
  bool bound_ = false;
};

// Interrupts a query when a stop is requested.
class StopWatch {
 public:
  StopWatch(const DuckdbApi& api, duckdb_connection connection)
      : thread_([this, &api, connection] {
          while (!done_) {
            if (stop_requested()) api.interrupt(connection);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
        }) {}
  ~StopWatch() {
    done_ = true;
    thread_.join();
  }
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

// The question with every column in a type that a Table holds.
std::string with_known_types(const DuckdbConnection& connection, std::string sql) {
  const Table types = connection.query("DESCRIBE " + sql, kQuestion);
  std::string columns;
  bool known = true;
  for (size_t i = 0; i < types.rows(); ++i) {
    const ParquetColumn column{types.columns[0].strings[i], types.columns[1].strings[i]};
    const bool read = column.is_read() && column.type != "\"NULL\"";
    const std::string name = in_quotes(column.name, '"');
    known = known && read;
    columns += columns.empty() ? "" : ", ";
    columns += read ? name : fmt::format("CAST({0} AS VARCHAR) AS {0}", name);
  }
  if (known) return sql;
  while (!sql.empty() &&
         (sql.back() == ';' || std::isspace(static_cast<unsigned char>(sql.back())) != 0)) {
    sql.pop_back();
  }
  return fmt::format("SELECT {} FROM (\n{}\n)", columns, sql);
}

}  // namespace

void Parquet::close_to(std::span<const std::filesystem::path> files) const {
  std::string names;
  for (const std::filesystem::path& file : files) {
    names += (names.empty() ? "" : ", ") + in_quotes(file.string(), '\'');
  }
  query(fmt::format("SET threads = {}", std::clamp(std::thread::hardware_concurrency(), 1U, 8U)),
        "DuckDB");
  query("SET allowed_paths = [" + names + "]", "DuckDB");
  query("SET enable_external_access = false", "DuckDB");
  query("SET lock_configuration = true", "DuckDB");
}

Table Parquet::select(const std::string& sql) const {
  const DuckdbConnection connection(database_->api, database_->handle);
  Prepared(database_->api, connection.get(), sql).require_reading();
  const StopWatch watch(database_->api, connection.get());
  try {
    return connection.query(with_known_types(connection, sql), kQuestion);
  } catch (const Error& error) {
    if (stop_requested()) throw Interrupted(kQuestion, "was interrupted", "ask it again");
    throw Error("", one_line(error.what()));
  }
}

}  // namespace gyre::io
