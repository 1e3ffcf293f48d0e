#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/io/parquet.h"
#include "gyre/io/scratch_folder.h"

namespace gyre::data {

// Questions in SQL (DuckDB's) over journals and datasets. First what is asked about is added, then
// close() makes the views, and from then on ask() answers. docs/record.md describes the views:
// episodes, steps, events, requests, dataset_episodes, frames, labels, and the added tables.
class RecordQuery {
 public:
  using Progress = std::function<void(int64_t done, int64_t total)>;

  RecordQuery();

  // Reads a journal file or folder once, without its pictures. Throws Error as JournalReader does,
  // and Interrupted when `stop` says so. `progress` counts files.
  void add_journal(const std::filesystem::path& journal, const Progress& progress = {},
                   const std::function<bool()>& stop = {});
  // Throws Error as Dataset does.
  void add_dataset(const std::filesystem::path& folder);
  // A view `name` of these rows. A column `time_ns` of Unix nanoseconds becomes `time`.
  void add_table(const std::string& name, const io::Table& table);

  // Throws Error where DuckDB cannot make the views.
  void close();
  // Throws Error in one line for what is no single reading statement, and for DuckDB's complaints;
  // where a table is unknown it names the views.
  io::Table ask(const std::string& sql) const;

  const std::vector<std::string>& views() const { return views_; }

 private:
  void add_view(const std::string& name, const std::string& sql);
  void add_labels(const std::filesystem::path& folder);
  void add_episodes();
  std::filesystem::path put(const std::string& name, const io::Table& table);

  io::ScratchFolder scratch_;
  std::shared_ptr<const io::Parquet> parquet_;
  std::map<std::string, std::vector<std::filesystem::path>> files_;  // by table, in scratch_
  std::vector<std::filesystem::path> data_files_;                    // of datasets
  std::vector<std::string> frames_;                                  // a SELECT for each dataset
  std::set<std::string> streams_;  // of labels, by hash: those that were added
  std::vector<std::string> views_;
  int64_t episodes_ = 0;  // so far; numbers are unique in one RecordQuery
};

}  // namespace gyre::data
