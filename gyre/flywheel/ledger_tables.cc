#include "gyre/flywheel/ledger_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/io/parquet.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

struct View {
  std::string name;
  std::vector<const char*> texts, numbers;  // columns
};

// As gyre/flywheel/ledger.cc stores them.
const std::array<View, 10>& ledger_views() {
  static const std::array<View, 10> kViews = {{
      {"policies", {"hash", "folder", "parent", "recipe", "created"}, {}},
      {"evaluations", {"hash", "policy", "suite", "seed", "created"}, {"episodes", "successes"}},
      {"scope", {"evaluation", "embodiment", "family"}, {"episodes", "successes"}},
      {"promotions", {"run", "before", "after", "reason", "evidence", "created"}, {"promoted"}},
      {"uses", {"kind", "before", "after", "folder", "author", "reason", "created"}, {}},
      {"orders", {"run", "words", "created"}, {}},
      {"datasets", {"hash", "folder", "embodiment", "created"}, {}},
      {"evidence",
       {"policy", "verb", "object", "place", "robot", "speed", "outcome", "attempt", "journal",
        "author", "created"},
       {"real"}},
      {"withdrawals",
       {"name", "canary", "policy", "evidence", "attempt", "created"},
       {"canary_attempts", "canary_successes", "policy_attempts", "policy_successes"}},
      {"overrides", {"policy", "robot", "words", "why", "author", "created"}, {}},
  }};
  return kViews;
}

using Connection = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
using Rows = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

[[noreturn]] void refuse(const fs::path& file, sqlite3* db) {
  throw Error(file.string(), fmt::format("is no ledger ({})", sqlite3_errmsg(db)),
              "name the ledger.db of a folder of runs");
}

io::Table empty_table(const View& view) {
  io::Table table;
  for (const char* name : view.texts) table.columns.push_back(io::string_column(name, {}));
  for (const char* name : view.numbers) table.columns.push_back(io::int_column(name, {}));
  return table;
}

// Null where the path is "".
Connection open_to_read(const fs::path& file) {
  if (file.empty()) return {nullptr, sqlite3_close_v2};
  if (!fs::is_regular_file(file)) {
    throw Error(file.string(), "no such file", "name the ledger.db of a folder of runs");
  }
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  Connection db(opened, sqlite3_close_v2);
  if (code != SQLITE_OK) refuse(file, db.get());
  sqlite3_busy_timeout(db.get(), 10'000);
  return db;
}

// Ledgers of earlier versions lack the newest tables.
bool has_table(const fs::path& file, sqlite3* db, const std::string& name) {
  sqlite3_stmt* prepared = nullptr;
  const char* sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
  if (sqlite3_prepare_v2(db, sql, -1, &prepared, nullptr) != SQLITE_OK) refuse(file, db);
  const Rows rows(prepared, sqlite3_finalize);
  sqlite3_bind_text(prepared, 1, name.c_str(), -1, SQLITE_TRANSIENT);
  return sqlite3_step(prepared) == SQLITE_ROW;
}

void read_rows(const fs::path& file, sqlite3* db, const View& view, io::Table& table) {
  constexpr std::array<std::string_view, 4> kNewer = {"uses", "evidence", "withdrawals",
                                                      "overrides"};
  const bool newer = std::ranges::find(kNewer, view.name) != kNewer.end();
  if (newer && !has_table(file, db, view.name)) return;
  std::vector<const char*> names = view.texts;
  names.insert(names.end(), view.numbers.begin(), view.numbers.end());
  const std::string sql =
      fmt::format("SELECT {} FROM {} ORDER BY rowid", fmt::join(names, ", "), view.name);
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) refuse(file, db);
  const Rows rows(prepared, sqlite3_finalize);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(rows.get())) == SQLITE_ROW) {
    for (size_t c = 0; c < names.size(); ++c) {
      const auto at = static_cast<int>(c);
      io::Column& column = table.columns[c];
      if (column.kind == io::ColumnKind::kInt64) {
        column.ints.push_back(sqlite3_column_int64(rows.get(), at));
        continue;
      }
      const auto* text = sqlite3_column_text(rows.get(), at);
      column.strings.emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
    }
  }
  if (code != SQLITE_DONE) refuse(file, db);
}

const io::Column& column_of(const io::Table& table, std::string_view name) {
  return *std::ranges::find(table.columns, name, &io::Column::name);
}

}  // namespace

void add_ledger(const fs::path& ledger, data::RecordQuery& query) {
  const Connection db = open_to_read(ledger);
  for (const View& view : ledger_views()) {
    io::Table table = empty_table(view);
    if (db) read_rows(ledger, db.get(), view, table);
    query.add_table(view.name, table);
  }
}

io::Table ledger_table(const fs::path& ledger, const std::string& name) {
  const Connection db = open_to_read(ledger);
  const auto view = std::ranges::find(ledger_views(), name, &View::name);
  io::Table table = empty_table(*view);
  read_rows(ledger, db.get(), *view, table);
  return table;
}

const std::string& LedgerRows::text(size_t row, std::string_view name) const {
  return column_of(table_, name).strings.at(row);
}

int64_t LedgerRows::number(size_t row, std::string_view name) const {
  return column_of(table_, name).ints.at(row);
}

}  // namespace gyre::flywheel
