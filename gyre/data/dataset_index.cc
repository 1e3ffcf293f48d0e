#include "gyre/data/dataset_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// One JSON value a line.
std::vector<json> read_json_lines(const fs::path& file) {
  std::vector<json> values;
  std::istringstream lines(io::read_text(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    try {
      values.push_back(json::parse(line));
    } catch (const json::exception& error) {
      throw Error(file.string(),
                  fmt::format("line {} is broken ({})", values.size() + 1, error.what()),
                  "it may be truncated; fetch it again");
    }
  }
  return values;
}

void mark_missing(DatasetEpisode& episode) {
  if (!fs::exists(episode.data_file)) episode.missing = episode.data_file.string();
  for (const DatasetEpisode::Video& video : episode.videos) {
    if (episode.missing.empty() && !fs::exists(video.file)) episode.missing = video.file.string();
  }
}

// The files of meta/episodes/chunk-*/, in order.
std::vector<fs::path> episode_files(const fs::path& meta) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(meta / "episodes", missing)) {
    if (entry.path().extension() == ".parquet") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    throw Error((meta / "episodes").string(), "no file of episodes", "fetch meta/ again");
  }
  return files;
}

}  // namespace

std::vector<std::string> video_keys(const DatasetInfo& info) {
  std::vector<std::string> keys;
  for (const DatasetFeature& feature : info.features) {
    if (feature.dtype == "video") keys.push_back(feature.name);
  }
  return keys;
}

DatasetIndex read_index_v30(const fs::path& folder, const DatasetInfo& info,
                            const io::Parquet& parquet) {
  DatasetIndex index;
  const fs::path meta = folder / "meta";
  const std::vector<std::string> keys = video_keys(info);
  std::vector<std::string> columns = {"episode_index", "length", "tasks", "data/chunk_index",
                                      "data/file_index"};
  for (const std::string& key : keys) {
    for (const char* part : {"/chunk_index", "/file_index", "/from_timestamp"}) {
      columns.push_back("videos/" + key + part);
    }
  }
  // Where a folder cannot be exchanged, Gyre writes info.json last (dataset_commit.h).
  const bool by_info = fs::exists(meta / "gyre.json");
  for (const fs::path& file : episode_files(meta)) {
    const io::Table table = parquet.read(file, columns);
    const auto numbers = [&](size_t column, size_t row) {
      const io::Column& c = table.columns[column];
      if (c.kind != io::ColumnKind::kInt64) throw Error(file.string(), c.name + " is no integer");
      return c.ints[row];
    };
    const io::Column& words = table.columns[2];
    for (size_t row = 0; row < table.rows(); ++row) {
      if (by_info && numbers(0, row) >= info.total_episodes) continue;
      DatasetEpisode episode;
      episode.index = numbers(0, row);
      episode.length = numbers(1, row);
      for (auto [i, end] = words.items(row); i < end; ++i) {
        episode.tasks.push_back(words.children[0].strings[i]);
      }
      episode.data_file = folder / fill_path(info.data_path, {{"chunk_index", numbers(3, row)},
                                                              {"file_index", numbers(4, row)}});
      for (size_t k = 0; k < keys.size(); ++k) {
        const size_t at = 5 + 3 * k;
        episode.videos.push_back({folder / fill_path(info.video_path,
                                                     {{"chunk_index", numbers(at, row)},
                                                      {"file_index", numbers(at + 1, row)}},
                                                     keys[k]),
                                  table.columns[at + 2].doubles.at(row)});
      }
      mark_missing(episode);
      index.episodes.push_back(std::move(episode));
    }
  }
  // pandas writes a frame's unnamed index as a column of its own.
  const fs::path task_file = meta / "tasks.parquet";
  const io::Table tasks = parquet.read(task_file);
  const io::Column *number = tasks.find("task_index"), *words = tasks.find("task");
  if (words == nullptr) words = tasks.find("__index_level_0__");
  if (number == nullptr || words == nullptr) {
    throw Error(task_file.string(), "no columns task_index and task", "fetch it again");
  }
  for (size_t i = 0; i < tasks.rows(); ++i) index.tasks[number->ints[i]] = words->strings[i];
  if (fs::exists(meta / "stats.json")) {
    const json stats = read_json(meta / "stats.json");
    for (const auto& [name, entry] : stats.items()) index.stats[name] = stats_from_json(entry);
  }
  return index;
}

DatasetIndex read_index_v21(const fs::path& folder, const DatasetInfo& info) try {
  DatasetIndex index;
  for (const json& line : read_json_lines(folder / "meta/episodes.jsonl")) {
    DatasetEpisode episode;
    episode.index = line.at("episode_index");
    episode.length = line.at("length");
    episode.tasks = line.at("tasks").get<std::vector<std::string>>();
    const std::vector<std::pair<std::string, int64_t>> numbers = {
        {"episode_chunk", episode.index / info.chunks_size}, {"episode_index", episode.index}};
    episode.data_file = folder / fill_path(info.data_path, numbers);
    for (const std::string& key : video_keys(info)) {
      episode.videos.push_back({folder / fill_path(info.video_path, numbers, key), 0});
    }
    mark_missing(episode);
    index.episodes.push_back(std::move(episode));
  }
  for (const json& line : read_json_lines(folder / "meta/tasks.jsonl")) {
    index.tasks[line.at("task_index")] = line.at("task");
  }
  std::map<std::string, std::vector<Stats>> parts;
  if (fs::exists(folder / "meta/episodes_stats.jsonl")) {
    for (const json& line : read_json_lines(folder / "meta/episodes_stats.jsonl")) {
      for (const auto& [name, entry] : line.at("stats").items()) {
        parts[name].push_back(stats_from_json(entry));
      }
    }
  }
  for (const auto& [name, all] : parts) index.stats[name] = merge_stats(all);
  return index;
} catch (const json::exception& error) {
  throw Error((folder / "meta").string(), fmt::format("not LeRobotDataset's ({})", error.what()),
              "fetch meta/ again");
}

}  // namespace gyre::data
