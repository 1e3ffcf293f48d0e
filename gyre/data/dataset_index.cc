#include "gyre/data/dataset_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"
#include "gyre/data/dataset_jsonl.h"
#include "gyre/data/feature_stats.h"
#include "gyre/data/frame_times.h"
#include "gyre/io/lfs_pointer.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kDeepestFolder = 8;  // links may lead round in a circle

void add_files(const fs::path& folder, int depth, std::vector<fs::path>& files) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().filename().string().starts_with('.')) continue;
    std::error_code unknown;
    if (entry.is_directory(unknown)) {
      if (depth < kDeepestFolder) add_files(entry.path(), depth + 1, files);
    } else if (entry.is_regular_file(unknown)) {
      files.push_back(entry.path());
    }
  }
}

// Why a file cannot be read, "" when it can; each file is looked at once.
class Presence {
 public:
  const std::string& lacks(const fs::path& file) {
    const auto [known, is_new] = known_.try_emplace(file.string());
    if (is_new) {
      std::error_code unknown;
      if (!fs::exists(file, unknown)) {
        known->second = "its file " + file.string() + " is not here; fetch it";
      } else if (io::is_lfs_pointer(file)) {
        known->second = "its file " + file.string() +
                        " is a Git LFS pointer, not the file that it names; fetch the file with "
                        "`git lfs pull`";
      }
    }
    return known->second;
  }

 private:
  std::unordered_map<std::string, std::string> known_;
};

void mark_missing(DatasetEpisode& episode, Presence& presence) {
  if (episode.missing.empty()) episode.missing = presence.lacks(episode.data_file);
  for (const DatasetEpisode::Video& video : episode.videos) {
    if (episode.missing.empty()) episode.missing = presence.lacks(video.file);
  }
}

void sort_episodes(const fs::path& where, std::vector<DatasetEpisode>& episodes) {
  std::sort(episodes.begin(), episodes.end(),
            [](const DatasetEpisode& a, const DatasetEpisode& b) { return a.index < b.index; });
  for (size_t i = 0; i < episodes.size(); ++i) {
    const DatasetEpisode& episode = episodes[i];
    if (i > 0 && episodes[i - 1].index == episode.index) {
      throw Error(where.string(), fmt::format("episode {} is there twice", episode.index),
                  "take one of them out");
    }
    if (episode.index < 0 || episode.length < 0) {
      throw Error(where.string(),
                  fmt::format("episode {} of {} frames", episode.index, episode.length),
                  "neither is ever below 0: fetch or write it again");
    }
  }
}

// Words of a row: a list of them, or one text.
std::vector<std::string> words_of(const io::Column* column, size_t row) {
  std::vector<std::string> words;
  if (column == nullptr || column->is_null(row)) return words;
  const bool list = column->kind == io::ColumnKind::kList;
  const io::Column& texts = list ? column->children[0] : *column;
  if (texts.kind != io::ColumnKind::kString) {
    throw Error("", "column 'tasks' holds no words", "store text or lists of text");
  }
  const auto [first, last] = list ? column->items(row) : std::pair(row, row + 1);
  for (size_t i = first; i < last; ++i) {
    if (!texts.is_null(i)) words.push_back(texts.strings[i]);
  }
  return words;
}

std::optional<ColumnNumbers> column_if_there(const io::Table& table, const std::string& name) {
  const io::Column* column = table.find(name);
  return column == nullptr ? std::nullopt : std::optional<ColumnNumbers>(*column);
}

// The rows of one file of meta/episodes.
class EpisodeTable {
 public:
  EpisodeTable(const fs::path& folder, const DatasetInfo& info, const io::Table& table)
      : folder_(folder),
        info_(info),
        keys_(video_keys(info)),
        index_(required(table, "episode_index")),
        length_(column_if_there(table, "length")),
        from_(column_if_there(table, "dataset_from_index")),
        to_(column_if_there(table, "dataset_to_index")),
        chunk_(column_if_there(table, "data/chunk_index")),
        file_(column_if_there(table, "data/file_index")),
        words_(table.find("tasks")) {
    for (const std::string& key : keys_) {
      videos_.push_back({column_if_there(table, "videos/" + key + "/chunk_index"),
                         column_if_there(table, "videos/" + key + "/file_index"),
                         column_if_there(table, "videos/" + key + "/from_timestamp")});
    }
    if (!length_ && !(from_ && to_)) required(table, "length");
  }

  static std::vector<std::string> columns(const DatasetInfo& info) {
    std::vector<std::string> names = {"episode_index",    "length", "dataset_from_index",
                                      "dataset_to_index", "tasks",  "data/chunk_index",
                                      "data/file_index"};
    for (const std::string& key : video_keys(info)) {
      for (const char* part : {"/chunk_index", "/file_index", "/from_timestamp"}) {
        names.push_back("videos/" + key + part);
      }
    }
    return names;
  }

  DatasetEpisode at(size_t row) const {
    DatasetEpisode episode;
    episode.index = index_.whole(row);
    episode.length = length_ ? length_->whole(row) : to_->whole(row) - from_->whole(row);
    episode.tasks = words_of(words_, row);
    if (!has(chunk_, row) || !has(file_, row)) {
      episode.missing =
          "meta/episodes states no file of its rows (data/chunk_index, data/file_index)";
      return episode;
    }
    episode.data_file = folder_ / fill_path(info_.data_path, {{"chunk_index", chunk_->whole(row)},
                                                              {"file_index", file_->whole(row)}});
    for (size_t k = 0; k < keys_.size(); ++k) {
      const VideoColumns& video = videos_[k];
      if (!has(video.chunk, row) || !has(video.file, row) || !has(video.from, row)) {
        episode.missing = fmt::format(
            "meta/episodes states no place of its video '{}' (videos/{}/chunk_index, file_index, "
            "from_timestamp)",
            keys_[k], keys_[k]);
        return episode;
      }
      const double from = video.from->one(row);
      episode.videos.push_back(
          {.file = folder_ / fill_path(info_.video_path,
                                       {{"chunk_index", video.chunk->whole(row)},
                                        {"file_index", video.file->whole(row)}},
                                       keys_[k]),
           .from_s = from,
           .from_slack_s = video.from->single_precision() ? single_precision_slack(from) : 0});
    }
    return episode;
  }

 private:
  struct VideoColumns {
    std::optional<ColumnNumbers> chunk, file, from;
  };

  static ColumnNumbers required(const io::Table& table, const char* name) {
    const io::Column* column = table.find(name);
    if (column == nullptr)
      throw Error("", fmt::format("no column '{}'", name), "fetch meta/ again");
    return ColumnNumbers(*column);
  }
  static bool has(const std::optional<ColumnNumbers>& column, size_t row) {
    return column && std::isfinite(column->one(row));
  }

  const fs::path& folder_;
  const DatasetInfo& info_;
  std::vector<std::string> keys_;
  ColumnNumbers index_;
  std::optional<ColumnNumbers> length_, from_, to_, chunk_, file_;
  const io::Column* words_;
  std::vector<VideoColumns> videos_;
};

// Those of `wanted` that the file has.
io::Table read_known(const io::Parquet& parquet, const fs::path& file,
                     const std::vector<std::string>& wanted) {
  std::vector<std::string> there;
  for (const io::ParquetColumn& column : parquet.columns(file)) {
    const bool known = std::find(wanted.begin(), wanted.end(), column.name) != wanted.end();
    if (known && column.is_read()) there.push_back(column.name);
  }
  return there.empty() ? io::Table{} : parquet.read(file, there);
}

// pandas writes a frame's unnamed index as a column of its own. Either may be the index.
void read_tasks(const io::Parquet& parquet, const fs::path& file, const Notices& tell,
                std::map<int64_t, std::string>& tasks) {
  if (!fs::exists(file)) {
    tell(file.string() + ": not here; the words are those of meta/episodes");
    return;
  }
  const io::Table table = read_known(parquet, file, {"task_index", "task", "__index_level_0__"});
  const io::Column *number = table.find("task_index"), *words = table.find("task");
  if (words == nullptr) words = table.find("__index_level_0__");
  if (number == nullptr) number = table.find("__index_level_0__");
  if (number == nullptr || words == nullptr || words->kind != io::ColumnKind::kString) {
    throw Error(file.string(), "no columns task_index and task", "fetch it again");
  }
  try {
    const ColumnNumbers numbers(*number);
    for (size_t i = 0; i < table.rows(); ++i) {
      if (!words->is_null(i)) tasks[numbers.whole(i)] = words->strings[i];
    }
  } catch (const Error& error) {
    throw Error(file.string(), error.what());
  }
}

void read_stats(const fs::path& file, int64_t frames, const Notices& tell,
                std::map<std::string, Stats>& stats) {
  if (!fs::exists(file)) return;
  const json features = read_json(file);
  Unstated unstated;
  if (!features.is_object()) throw Error(file.string(), "holds no statistics", "fetch it again");
  for (const auto& [name, entry] : features.items()) {
    stats[name] = stated_stats(entry, frames, name, unstated);
  }
  tell_unstated(file, unstated, tell);
}

}  // namespace

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  add_files(folder, 0, files);
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> video_keys(const DatasetInfo& info) {
  std::vector<std::string> keys;
  for (const DatasetFeature& feature : info.features) {
    if (feature.dtype == "video") keys.push_back(feature.name);
  }
  return keys;
}

DatasetIndex read_index_v30(const fs::path& folder, const DatasetInfo& info,
                            const io::Parquet& parquet, const Notices& tell) {
  DatasetIndex index;
  const fs::path meta = folder / "meta";
  std::vector<fs::path> files = files_below(meta / "episodes");
  std::erase_if(files, [](const fs::path& file) { return file.extension() != ".parquet"; });
  if (files.empty()) {
    throw Error((meta / "episodes").string(), "no file of episodes", "fetch meta/ again");
  }
  // Where a folder cannot be exchanged, Gyre writes info.json last (dataset_commit.h).
  const bool by_info = fs::exists(meta / "gyre.json");
  Presence presence;
  for (const fs::path& file : files) {
    const io::Table table = read_known(parquet, file, EpisodeTable::columns(info));
    try {
      const EpisodeTable rows(folder, info, table);
      for (size_t row = 0; row < table.rows(); ++row) {
        DatasetEpisode episode = rows.at(row);
        if (by_info && episode.index >= info.total_episodes) continue;
        mark_missing(episode, presence);
        index.episodes.push_back(std::move(episode));
      }
    } catch (const Error& error) {
      throw Error(file.string(), error.what());
    }
  }
  sort_episodes(meta / "episodes", index.episodes);
  read_tasks(parquet, meta / "tasks.parquet", tell, index.tasks);
  read_stats(meta / "stats.json", info.total_frames, tell, index.stats);
  return index;
}

DatasetIndex read_index_v2(const fs::path& folder, const DatasetInfo& info, const Notices& tell) {
  const fs::path meta = folder / "meta";
  DatasetIndex index = read_jsonl_index(folder, info, tell);
  Presence presence;
  for (DatasetEpisode& episode : index.episodes) mark_missing(episode, presence);
  sort_episodes(meta / "episodes.jsonl", index.episodes);
  if (index.stats.empty()) read_stats(meta / "stats.json", info.total_frames, tell, index.stats);
  return index;
}

}  // namespace gyre::data
