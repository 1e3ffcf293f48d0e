#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "gyre/data/record_query.h"
#include "gyre/io/parquet.h"

namespace gyre::flywheel {

// Adds the views policies, evaluations, scope, promotions, uses, orders, datasets, evidence,
// withdrawals and overrides of a ledger to a question; of no ledger ("") they are empty. Only reads
// the file. Throws Error naming it when it is no ledger.
void add_ledger(const std::filesystem::path& ledger, data::RecordQuery& query);

// The rows of one of these views, in the order in which they were entered, its texts first. Throws
// Error as add_ledger does.
io::Table ledger_table(const std::filesystem::path& ledger, const std::string& view);

// The same, by the names of its columns.
class LedgerRows {
 public:
  LedgerRows(const std::filesystem::path& ledger, const std::string& view)
      : table_(ledger_table(ledger, view)) {}
  size_t size() const { return table_.rows(); }
  const std::string& text(size_t row, std::string_view name) const;
  int64_t number(size_t row, std::string_view name) const;

 private:
  io::Table table_;
};

}  // namespace gyre::flywheel
