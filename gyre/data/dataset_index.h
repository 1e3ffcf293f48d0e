#pragma once

#include <memory>

#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/io/parquet.h"

// What meta/ says, the same for both versions of LeRobotDataset.
namespace gyre::data {

struct DatasetIndex {
  std::vector<DatasetEpisode> episodes;  // by index
  std::map<int64_t, std::string> tasks;
  std::map<std::string, Stats> stats;
};

// v3.0: meta/episodes/*/*.parquet, meta/tasks.parquet, meta/stats.json.
DatasetIndex read_index_v30(const std::filesystem::path& folder, const DatasetInfo& info,
                            const io::Parquet& parquet);
// v2.1: meta/episodes.jsonl, meta/tasks.jsonl, meta/episodes_stats.jsonl; a file for each episode.
DatasetIndex read_index_v21(const std::filesystem::path& folder, const DatasetInfo& info);

// The features that are videos, in the order of info.json.
std::vector<std::string> video_keys(const DatasetInfo& info);

}  // namespace gyre::data
