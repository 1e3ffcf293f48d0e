#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gyre::flywheel {

// One policy on a task's pairs: what one recipe made of a collection with one training seed, or the
// policy that all recipes start from.
struct CompareRow {
  std::string task;
  std::string recipe;         // its key, or kFirstPolicy
  int helped = 0;             // helped attempts of the collection
  uint64_t seed = 0;          // of training
  std::string key;            // 16 hex digits over all that the row depends on
  std::string collection;     // Collection::hash; "" of kFirstPolicy
  std::string policy;         // hash of the policy that made the attempts; "" where refused
  std::string outcomes;       // a digit for each pair, 1: success; "" where refused
  std::string refused;        // why nothing was learnt; "" where something was
  double seconds = 0;         // wall time of learning, critics included
  double critic_seconds = 0;  // of them before the policy's own
  int64_t steps = 0;          // of the policy's optimiser
  bool diverged = false;      // learning ended early, with its last good weights
  bool operator==(const CompareRow&) const = default;
};
inline constexpr const char* kFirstPolicy = "before learning";

std::string row_line(const CompareRow& row);  // JSON in one line, without its end
// Throws Error about `where` for what is no such line.
CompareRow parse_row(std::string_view line, const std::string& where);

// A file of rows, one a line, that only grows: several programs may add to it. A last line without
// its end, which a kill left, is passed over.
class CompareRows {
 public:
  // Throws Error naming file and line for what is no row. No file: no rows.
  explicit CompareRows(std::filesystem::path file);

  const std::vector<CompareRow>& rows() const { return rows_; }
  // The newest with this key; null: none.
  const CompareRow* find(const std::string& key) const;
  // On disk when this returns. Throws Error where it cannot be written.
  void add(const CompareRow& row);
  // Throws Error where rows of this task and number of helped attempts are of another collection:
  // what is in one table learnt from the same data.
  void require_collection(const std::string& task, int helped, const std::string& collection) const;

 private:
  std::filesystem::path file_;
  std::vector<CompareRow> rows_;
  bool torn_ = false;  // the last line has no end
};

}  // namespace gyre::flywheel
