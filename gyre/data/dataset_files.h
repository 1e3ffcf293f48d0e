#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/data/notices.h"
#include "gyre/io/parquet.h"

namespace gyre::data {

// One episode's rows out of the data files, in which many episodes may lie. Thread-safe.
//
// Episode after episode comes from one file, and looking for one among hundreds of row groups costs
// more than reading them all: the last file that was asked for is held whole, up to a size.
class DataFiles {
 public:
  struct Wanted {
    std::string name;
    bool required = true;
  };

  // `rows` says how many rows each file should have: more are not taken into memory.
  DataFiles(std::shared_ptr<const io::Parquet> parquet,
            std::map<std::filesystem::path, int64_t> rows, bool one_episode_a_file, Notices tell);
  ~DataFiles();

  // The episode's rows in the file's order; at most `length` + 1. Columns that are not required are
  // left out where the file lacks them, and told where they have a type that is not read. Throws
  // Error naming the file when it is broken, lacks a required column or the episode.
  io::Table rows(const std::filesystem::path& file, int64_t episode, int64_t length,
                 const std::vector<Wanted>& wanted) const;

 private:
  struct File;  // what is held of one
  std::shared_ptr<const File> open(const std::filesystem::path& file,
                                   const std::vector<Wanted>& wanted) const;

  std::shared_ptr<const io::Parquet> parquet_;
  std::map<std::filesystem::path, int64_t> rows_;
  bool one_episode_a_file_;
  Notices tell_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const File> last_;
};

}  // namespace gyre::data
