#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/data/dataset_stats.h"
#include "gyre/data/dataset_tables.h"
#include "gyre/io/parquet.h"

// What a writer must know of the dataset that it adds to.
namespace gyre::data {

struct KnownDataset {
  RowLayout layout;
  int64_t total_episodes = 0, total_frames = 0;
  int64_t data_files = 0, episode_files = 0;  // one after the highest number
  std::vector<int64_t> video_files;           // for each camera key
  std::vector<std::string> tasks;
  nlohmann::ordered_json episodes;            // of meta/gyre.json
  std::map<std::string, PixelCounts> pixels;  // by camera key
  // Of datasets whose pictures an older Gyre has not counted: their statistics by camera key.
  std::map<std::string, Stats> picture_stats;
  std::vector<EpisodeLoss> losses;
  std::set<std::filesystem::path> files;  // data/, videos/ and meta/episodes/ that it is made of
};

// Throws Error naming both sides where the dataset is of another contract, or not of Gyre.
KnownDataset read_known(const std::filesystem::path& folder, const Embodiment& embodiment,
                        const std::vector<std::string>& keys, const io::Parquet& parquet);

// Calls `use` with the numeric columns of each data file, in order.
void read_known_rows(const std::filesystem::path& folder, const KnownDataset& known,
                     const io::Parquet& parquet, const std::function<void(const io::Table&)>& use);
// One table for each episode of a data file; none where it has other columns than `features`.
std::vector<io::Table> read_row_groups(const std::filesystem::path& file, const KnownDataset& known,
                                       const nlohmann::ordered_json& features,
                                       const io::Parquet& parquet);
io::Table read_known_episodes(const std::filesystem::path& file, const KnownDataset& known,
                              const io::Parquet& parquet);

// Whether both can be row groups of one file: names and kinds, also of nested columns.
bool same_columns(const io::Table& a, const io::Table& b);

}  // namespace gyre::data
