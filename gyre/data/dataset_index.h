#pragma once

#include <memory>

#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/notices.h"
#include "gyre/io/parquet.h"

// What meta/ says, the same for all versions of LeRobotDataset.
namespace gyre::data {

struct DatasetIndex {
  std::vector<DatasetEpisode> episodes;  // by index, each once
  std::map<int64_t, std::string> tasks;
  std::map<std::string, Stats> stats;  // feature_stats.h
};

// v3.0: meta/episodes/*/*.parquet, meta/tasks.parquet, meta/stats.json.
DatasetIndex read_index_v30(const std::filesystem::path& folder, const DatasetInfo& info,
                            const io::Parquet& parquet, const Notices& tell = {});
// v2.1: meta/episodes.jsonl, meta/tasks.jsonl, meta/episodes_stats.jsonl; a file for each episode.
// v2.0: the same with meta/stats.json in place of the episodes' statistics.
DatasetIndex read_index_v2(const std::filesystem::path& folder, const DatasetInfo& info,
                           const Notices& tell = {});

// The features that are videos, in the order of info.json.
std::vector<std::string> video_keys(const DatasetInfo& info);

// The files of a folder and those below it, links followed, by path. Hidden ones (.DS_Store,
// ._x.parquet) are passed over. Empty where there is no such folder.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

}  // namespace gyre::data
