#include "gyre/data/dataset_known.h"

#include <fmt/format.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/data/dataset_index.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// The first of the file's rows that is of no known episode: publishing was cut short.
size_t known_rows(const io::Table& table, const KnownDataset& known, const fs::path& file) {
  const io::Column* index = table.find("episode_index");
  if (index == nullptr || index->kind != io::ColumnKind::kInt64) {
    throw Error(file.string(), "episode_index has not LeRobot's type");
  }
  return static_cast<size_t>(
      std::lower_bound(index->ints.begin(), index->ints.end(), known.total_episodes) -
      index->ints.begin());
}

io::Table read_known_part(const fs::path& file, const KnownDataset& known,
                          const io::Parquet& parquet, const std::vector<std::string>& columns) {
  const io::Table table = parquet.read(file, columns);
  return io::slice(table, 0, known_rows(table, known, file));
}

std::vector<std::string> stored_columns(const io::Table& table) {
  std::vector<std::string> names;
  for (const io::Column& column : table.columns) names.push_back(column.name);
  return names;
}

void read_gyre(const fs::path& folder, const Embodiment& e, KnownDataset& known) {
  const fs::path file = folder / "meta/gyre.json";
  if (!fs::exists(file)) {
    throw Error(folder.string(), "a dataset that Gyre did not write", "name another folder");
  }
  try {
    const auto gyre = ordered_json::parse(io::read_text(file));
    require_same_contract(nlohmann::json(gyre.at("embodiment")).get<Embodiment>(),
                          "dataset " + folder.string(), e, "recording of " + e.name);
    known.episodes = gyre.at("episodes");
    // More, where publishing was cut short.
    while (std::ssize(known.episodes) > known.total_episodes) {
      known.episodes.erase(known.episodes.size() - 1);
    }
    const bool same = gyre.value("total_episodes", int64_t{-1}) == known.total_episodes;
    if (same && gyre.contains("pixels")) gyre.at("pixels").get_to(known.pixels);
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(), error.what(), "it is not as Gyre wrote it");
  }
}

void read_index(const fs::path& folder, const DatasetInfo& info,
                const std::vector<std::string>& keys, const io::Parquet& parquet,
                KnownDataset& known) {
  const DatasetIndex index = read_index_v30(folder, info, parquet);
  for (const auto& [number, task] : index.tasks) {
    if (static_cast<size_t>(number) >= known.tasks.size()) {
      known.tasks.resize(static_cast<size_t>(number) + 1);
    }
    known.tasks[static_cast<size_t>(number)] = task;
  }
  for (const DatasetEpisode& episode : index.episodes) {
    if (episode.index >= known.total_episodes) continue;
    if (!episode.missing.empty()) {
      throw Error(folder.string(), "its file " + episode.missing + " is not here", "fetch it");
    }
    known.files.insert(episode.data_file.lexically_relative(folder));
    for (const DatasetEpisode::Video& video : episode.videos) {
      known.files.insert(video.file.lexically_relative(folder));
    }
  }
  for (const std::string& key : keys) {
    const auto stats = index.stats.find(key);
    if (!known.pixels.contains(key) && stats != index.stats.end()) {
      known.picture_stats[key] = stats->second;
    }
  }
}

// How many files of a pattern are known, numbered from 0.
int64_t count_files(const KnownDataset& known, const char* pattern, const std::string& key = "") {
  int64_t count = 0;
  while (known.files.contains(numbered_file(pattern, count, key))) ++count;
  return count;
}

}  // namespace

KnownDataset read_known(const fs::path& folder, const Embodiment& e,
                        const std::vector<std::string>& keys, const io::Parquet& parquet) {
  const DatasetInfo info = read_info(folder / "meta/info.json");
  KnownDataset known;
  known.total_episodes = info.total_episodes;
  known.total_frames = info.total_frames;
  known.layout = {.grounding = info.has("observation.grounding"),
                  .complete = info.has("complementary_info.chunk_id"),
                  .picture_age = info.has("complementary_info.picture_age_s"),
                  .language_events = info.has("language_events")};
  read_gyre(folder, e, known);
  read_index(folder, info, keys, parquet, known);
  for (int64_t n = 0;; ++n) {
    const std::string name = numbered_file(kEpisodesPath, n);
    if (!fs::exists(folder / name)) break;
    if (read_known_part(folder / name, known, parquet, {"episode_index"}).rows() == 0) break;
    known.files.insert(name);
  }
  known.data_files = count_files(known, kDataPath);
  known.episode_files = count_files(known, kEpisodesPath);
  for (const std::string& key : keys) {
    known.video_files.push_back(count_files(known, kVideoPath, key));
  }
  if (fs::exists(folder / kLossesFile)) {
    known.losses = read_losses_table(parquet, folder / kLossesFile);
    std::erase_if(known.losses,
                  [&](const EpisodeLoss& loss) { return loss.episode >= known.total_episodes; });
  }
  return known;
}

void read_known_rows(const fs::path& folder, const KnownDataset& known, const io::Parquet& parquet,
                     const std::function<void(const io::Table&)>& use) {
  for (int64_t n = 0; n < known.data_files; ++n) {
    const fs::path file = folder / numbered_file(kDataPath, n);
    std::vector<std::string> numeric;
    for (const io::ParquetColumn& column : parquet.columns(file)) {
      if (column.type.find("VARCHAR") == std::string::npos) numeric.push_back(column.name);
    }
    use(read_known_part(file, known, parquet, numeric));
  }
}

std::vector<io::Table> read_row_groups(const fs::path& file, const KnownDataset& known,
                                       const ordered_json& features, const io::Parquet& parquet) {
  const io::Table table = read_known_part(file, known, parquet, {});
  std::vector<std::string> wanted;
  for (const auto& [name, feature] : features.items()) wanted.push_back(name);
  std::vector<std::string> stored = stored_columns(table);
  std::sort(stored.begin(), stored.end());
  std::sort(wanted.begin(), wanted.end());
  if (stored != wanted) return {};
  const std::vector<int64_t>& episode = table.find("episode_index")->ints;
  std::vector<io::Table> groups;
  for (size_t first = 0; first < episode.size();) {
    const auto next = std::upper_bound(episode.begin(), episode.end(), episode[first]);
    const auto end = static_cast<size_t>(next - episode.begin());
    groups.push_back(io::slice(table, first, end - first));
    first = end;
  }
  return groups;
}

io::Table read_known_episodes(const fs::path& file, const KnownDataset& known,
                              const io::Parquet& parquet) {
  return read_known_part(file, known, parquet, {});
}

bool same_columns(const io::Table& a, const io::Table& b) {
  // The items of lists have no name of their own.
  const auto same = [](const auto& self, const io::Column& x, const io::Column& y,
                       bool named) -> bool {
    const bool fields = x.kind == io::ColumnKind::kStruct;
    return (!named || x.name == y.name) && x.kind == y.kind &&
           std::equal(
               x.children.begin(), x.children.end(), y.children.begin(), y.children.end(),
               [&](const io::Column& p, const io::Column& q) { return self(self, p, q, fields); });
  };
  return std::equal(
      a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
      [&](const io::Column& x, const io::Column& y) { return same(same, x, y, true); });
}

}  // namespace gyre::data
