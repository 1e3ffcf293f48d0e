#include "gyre/data/dataset_jsonl.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/data/feature_stats.h"
#include "gyre/io/file.h"
#include "gyre/io/json_text.h"
#include "gyre/io/lfs_pointer.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// A field of a line as a whole number, also one that was written as 3.0.
int64_t whole_field(const json& line, const char* key) {
  const json& value = line.at(key);
  if (value.is_number_integer()) return value.get<int64_t>();
  const double number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > 9e15) {
    throw Error("", fmt::format("'{}' is no whole number", key));
  }
  return static_cast<int64_t>(number);
}

// Calls `use` with the value of each line.
void for_each_line(const fs::path& file, const std::function<void(const json&)>& use) {
  const std::string text = io::read_text(file);
  if (io::is_lfs_pointer(std::string_view(text))) io::throw_lfs_pointer(file);
  std::istringstream lines(text);
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      const std::string standard = io::standard_json(line, "");
      if (standard.find_first_not_of(" \t\r\v\f") == std::string::npos) continue;
      use(json::parse(standard));
    } catch (const json::parse_error& error) {
      throw Error(file.string(), fmt::format("line {} is broken ({})", number, error.what()),
                  "it may be truncated; fetch it again");
    } catch (const json::exception& error) {
      throw Error(file.string(),
                  fmt::format("line {} is not LeRobotDataset's ({})", number, error.what()),
                  "fetch meta/ again");
    } catch (const Error& error) {
      throw Error(fmt::format("{}: line {}", file.string(), number), error.what());
    }
  }
}

std::vector<std::string> words_in(const json& line) {
  const auto tasks = line.find("tasks");
  if (tasks == line.end() || tasks->is_null()) return {};
  if (tasks->is_string()) return {tasks->get<std::string>()};
  return tasks->get<std::vector<std::string>>();
}

DatasetEpisode episode_in(const json& line, const fs::path& folder, const DatasetInfo& info,
                          const std::vector<std::string>& keys) {
  DatasetEpisode episode;
  episode.index = whole_field(line, "episode_index");
  episode.length = whole_field(line, "length");
  episode.tasks = words_in(line);
  const std::vector<std::pair<std::string, int64_t>> numbers = {
      {"episode_chunk", episode.index / info.chunks_size}, {"episode_index", episode.index}};
  episode.data_file = folder / fill_path(info.data_path, numbers);
  for (const std::string& key : keys) {
    episode.videos.push_back({.file = folder / fill_path(info.video_path, numbers, key)});
  }
  return episode;
}

void read_episodes_stats(const fs::path& file, const Notices& tell, DatasetIndex& index) {
  std::map<int64_t, int64_t> lengths;
  for (const DatasetEpisode& episode : index.episodes) lengths[episode.index] = episode.length;
  std::map<std::string, std::vector<Stats>> parts;
  Unstated unstated;
  for_each_line(file, [&](const json& line) {
    const int64_t length = lengths[whole_field(line, "episode_index")];
    for (const auto& [name, entry] : line.at("stats").items()) {
      parts[name].push_back(stated_stats(entry, length, name, unstated));
    }
  });
  for (const auto& [name, all] : parts) index.stats[name] = merge_stated(all);
  tell_unstated(file, unstated, tell);
}

}  // namespace

DatasetIndex read_jsonl_index(const fs::path& folder, const DatasetInfo& info,
                              const Notices& tell) {
  DatasetIndex index;
  const fs::path meta = folder / "meta";
  const std::vector<std::string> keys = video_keys(info);
  for_each_line(meta / "episodes.jsonl", [&](const json& line) {
    index.episodes.push_back(episode_in(line, folder, info, keys));
  });
  if (fs::exists(meta / "tasks.jsonl")) {
    for_each_line(meta / "tasks.jsonl", [&](const json& line) {
      const json& task = line.at("task");
      if (!task.is_null()) index.tasks[whole_field(line, "task_index")] = task;
    });
  } else {
    tell((meta / "tasks.jsonl").string() + ": not here; the words are those of the episodes");
  }
  if (fs::exists(meta / "episodes_stats.jsonl")) {
    read_episodes_stats(meta / "episodes_stats.jsonl", tell, index);
  }
  return index;
}

}  // namespace gyre::data
