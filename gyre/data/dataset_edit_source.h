#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/data/recorded.h"
#include "gyre/io/parquet.h"

// A dataset folder as it is stored: every column and every word of meta/, known to Gyre or not.
namespace gyre::data {

class EditSource {
 public:
  // Throws Error as Dataset does.
  EditSource(const std::filesystem::path& folder, std::shared_ptr<const io::Parquet> parquet);

  const std::filesystem::path& folder() const { return dataset_.folder(); }
  const Dataset& dataset() const { return dataset_; }
  const io::Parquet& parquet() const { return *parquet_; }
  const nlohmann::ordered_json& info() const { return info_; }  // meta/info.json
  const nlohmann::ordered_json& features() const { return info_.at("features"); }
  // meta/gyre.json, or null.
  const nlohmann::ordered_json& gyre() const { return gyre_; }
  const nlohmann::ordered_json* gyre_entry(int64_t episode) const;    // of gyre.json, or null
  const std::vector<std::string>& videos() const { return videos_; }  // features, in order

  // Throws Error naming the folder and the episodes that there are.
  const DatasetEpisode& episode(int64_t index) const;

  // The columns of the data files: names, and DuckDB's types.
  const std::vector<io::ParquetColumn>& columns() const { return columns_; }
  // From now on only columns of numbers and lists of numbers are read.
  void only_numbers();
  // The footer's key "huggingface", or "".
  std::string huggingface() const;
  // All rows of an episode that its file holds, with columns(), in order. Types that io::Table does
  // not know (times, decimals) come as text.
  io::Table rows(const DatasetEpisode& episode) const;
  // Words by task_index.
  const std::map<int64_t, std::string>& tasks() const { return tasks_; }

  // Statistics of a picture feature in one episode, as recorded; nothing when there are none.
  std::optional<Stats> picture_stats(int64_t episode, const std::string& feature) const;
  // What meta/episodes says of episodes beside what LeRobotDataset v3.0 defines: a row for each.
  const io::Table& extras() const { return extras_; }
  const std::vector<std::string>& extra_types() const { return extra_types_; }
  std::optional<size_t> extras_row(int64_t episode) const;

  // meta/gyre_losses.parquet (episode, camera, from, to, count, reason); empty when there is none.
  const io::Table& losses() const { return losses_; }

  // The identity of an episode whose rows were edited (recorded.h); nothing for any other.
  std::optional<Recorded> recorded(int64_t episode) const;

  // Files below meta/ that LeRobotDataset does not define, relative to meta/.
  std::vector<std::filesystem::path> other_meta_files() const;

 private:
  void read_tasks();
  void read_episodes_v30();
  void read_episodes_v2();
  io::Table read(const std::filesystem::path& file, const std::string& where) const;

  Dataset dataset_;
  std::shared_ptr<const io::Parquet> parquet_;
  std::shared_ptr<const io::Parquet> rows_parquet_;  // remembers the footers of files
  nlohmann::ordered_json info_, gyre_;
  std::vector<std::string> videos_;
  std::set<std::string> pictures_;  // features of videos and images
  std::vector<io::ParquetColumn> columns_;
  std::string broken_;  // why no data file could be opened
  std::map<int64_t, std::string> tasks_;
  std::map<int64_t, std::map<std::string, Stats>> picture_stats_;
  io::Table losses_, extras_;
  std::vector<std::string> extra_types_;
  std::map<int64_t, size_t> extras_rows_;
  std::map<int64_t, Recorded> recorded_;                // of episodes whose rows were edited
  std::map<std::filesystem::path, int64_t> file_rows_;  // as meta/ says
  // The rows of some episodes of one file, read together.
  struct Window {
    std::filesystem::path file;
    int64_t first = 0, last = -1;  // episodes
    io::Table table;
  };
  mutable Window window_;
};

// What is not here of an episode, and an Error that says so.
std::string why_missing(const DatasetEpisode& episode);
[[noreturn]] void throw_missing(const EditSource& source, const DatasetEpisode& episode);

// "\"a b\"": a name in SQL.
std::string sql_name(const std::string& name);

}  // namespace gyre::data
