#include "gyre/data/dataset_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "gyre/core/error.h"
#include "gyre/data/dataset_commit.h"
#include "gyre/data/dataset_known.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/dataset_provenance.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/data/dataset_stats.h"
#include "gyre/data/dataset_tables.h"
#include "gyre/data/dataset_video.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// Whether the dataset's files are of Gyre's names: "data/", "videos/" or "meta/episodes/".
bool is_numbered(const fs::path& name) {
  const std::string text = name.string();
  return text.starts_with("data/") || text.starts_with("videos/") ||
         text.starts_with("meta/episodes/");
}

// Anything but hidden files.
bool holds_files(const fs::path& folder) {
  std::error_code missing;
  fs::recursive_directory_iterator entries(folder, missing);
  for (; !missing && entries != fs::recursive_directory_iterator(); entries.increment(missing)) {
    if (entries->path().filename().string().starts_with(".")) {
      entries.disable_recursion_pending();
    } else if (!entries->is_directory()) {
      return true;
    }
  }
  return false;
}

void prepare_parent(const fs::path& file) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) io::throw_file_error(file.parent_path(), "create", failed.value());
}

int64_t bytes_of(const io::Table& table) {
  int64_t bytes = 0;
  for (const io::Column& column : table.columns) bytes += static_cast<int64_t>(column.bytes());
  return bytes;
}

int whole_fps(const Embodiment& e) {
  const double fps = 1 / e.action_period_s;
  if (std::abs(fps - std::round(fps)) > 1e-6 * fps) {
    throw Error(
        e.name,
        fmt::format("a period of {} s is no whole number of frames a second", e.action_period_s),
        "LeRobotDataset needs one");
  }
  return static_cast<int>(std::round(fps));
}

}  // namespace

struct DatasetWriter::Impl {
  Impl(const fs::path& dataset, const Embodiment& embodiment, const DatasetOptions& settings,
       io::FileCalls& calls);
  void resume();
  int64_t task_index(const std::string& task);
  int64_t add(const EpisodeRows& episode);
  void add_videos(const EpisodeRows& episode, EpisodeEntry& row);
  void take_rows(io::Table table, EpisodeEntry& row);
  void flush_data();
  void write_episodes();
  void write_meta();
  void finish(const ordered_json& step);
  std::map<std::string, Stats> stats() const;
  ordered_json features() const;
  ordered_json info() const;

  Embodiment e;
  DatasetOptions options;
  int fps;
  RowLayout layout;
  std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  std::optional<DatasetStage> stage;  // empty when it is published
  KnownDataset known;                 // before this writer; empty for a new one
  bool created = false;               // the folder holds a dataset, or an episode was added
  bool broken = false;                // an episode was written in part
  int64_t total_episodes = 0, total_frames = 0, next_data_file = 0, next_episodes_file = 0;
  std::vector<std::string> tasks;
  RowStats row_stats;
  std::map<std::string, PixelCounts> pixels;      // by camera key
  ordered_json episodes = ordered_json::array();  // of meta/gyre.json
  std::vector<EpisodeLoss> losses;
  std::vector<EpisodeEntry> rows;
  std::vector<io::Table> pending;  // for the next data file
  int64_t pending_bytes = 0;
  std::vector<DatasetVideo> videos;
  std::set<fs::path> files;  // numbered ones, known and new
};

DatasetWriter::Impl::Impl(const fs::path& dataset, const Embodiment& embodiment,
                          const DatasetOptions& settings, io::FileCalls& calls)
    : e(embodiment), options(settings), fps(whole_fps(embodiment)) {
  e.validate();
  layout.complete = options.complete;
  if (!fs::exists(dataset / "meta/info.json") && holds_files(dataset)) {
    throw Error(dataset.string(), "neither empty nor a dataset", "name another folder");
  }
  stage.emplace(dataset, calls);
  for (const CameraSpec& camera : e.cameras) {
    videos.emplace_back(camera, DatasetVideo::Options{.stage = stage->path(),
                                                      .fps = fps,
                                                      .video = options.video,
                                                      .file_bytes = options.video_file_bytes});
  }
  if (fs::exists(stage->dataset() / "meta/info.json")) resume();
}

void DatasetWriter::Impl::resume() {
  const fs::path& folder = stage->dataset();
  std::vector<std::string> keys;
  for (const DatasetVideo& video : videos) keys.push_back(video.key());
  known = read_known(folder, e, keys, *parquet);
  layout = known.layout;
  tasks = known.tasks;
  episodes = std::move(known.episodes);
  losses = std::move(known.losses);
  pixels = std::move(known.pixels);
  files = std::move(known.files);
  total_episodes = known.total_episodes;
  total_frames = known.total_frames;
  const bool write_on = stage->exchanges();
  for (size_t c = 0; c < videos.size(); ++c) {
    videos[c].resume(folder, known.video_files[c], write_on);
  }
  next_data_file = known.data_files;
  next_episodes_file = known.episode_files;
  read_known_rows(folder, known, *parquet,
                  [&](const io::Table& table) { add_rows(table, row_stats); });
  // Few rows are not left alone in a file of their own.
  const fs::path last = folder / numbered_file(kDataPath, next_data_file - 1);
  if (write_on && static_cast<int64_t>(fs::file_size(last)) < options.pending_bytes) {
    pending = read_row_groups(last, known, row_features(e, layout), *parquet);
    for (const io::Table& table : pending) pending_bytes += bytes_of(table);
    if (!pending.empty()) --next_data_file;
  }
  created = true;
}

int64_t DatasetWriter::Impl::task_index(const std::string& task) {
  const auto found = std::find(tasks.begin(), tasks.end(), task);
  const auto index = found - tasks.begin();
  if (found == tasks.end()) tasks.push_back(task);
  return index;
}

int64_t DatasetWriter::Impl::add(const EpisodeRows& episode) {
  const int64_t index = total_episodes;
  const std::string where = fmt::format("{}: episode {}", stage->dataset().string(), index);
  if (episode.rows.empty()) throw Error(where, "it holds no step", "leave it out");
  if (!created) layout.grounding = !episode.rows[0].grounding.empty();
  EpisodeEntry row{.index = index,
                   .length = static_cast<int64_t>(episode.rows.size()),
                   .first = total_frames,
                   .tasks = {},
                   .videos = {},
                   .stats = {}};
  io::Table table;
  RowStats own;
  try {
    table = episode_rows(episode, e, layout,
                         {.episode_index = index,
                          .first_index = total_frames,
                          .fps = fps,
                          .task_index = [&](const std::string& t) { return task_index(t); }});
    add_rows(table, own);
  } catch (const Error& error) {
    throw Error(where, error.what());
  }
  for (const auto& [name, running] : own) row.stats[name] = running.stats();
  for (int64_t task : table.find("task_index")->ints) {
    const std::string& words = tasks[static_cast<size_t>(task)];
    if (std::find(row.tasks.begin(), row.tasks.end(), words) == row.tasks.end()) {
      row.tasks.push_back(words);
    }
  }
  broken = true;
  add_videos(episode, row);
  take_rows(std::move(table), row);
  episodes.push_back({{"task_name", episode.task_name},
                      {"family", episode.family},
                      {"instruction", episode.instruction},
                      {"seed", episode.seed},
                      {"success", episode.success ? ordered_json(*episode.success) : nullptr},
                      {"hash", episode.hash()}});
  rows.push_back(std::move(row));
  if (std::ssize(rows) >= options.pending_episodes) write_episodes();
  total_frames += static_cast<int64_t>(episode.rows.size());
  broken = false;
  created = true;
  return total_episodes++;
}

void DatasetWriter::Impl::add_videos(const EpisodeRows& episode, EpisodeEntry& row) {
  for (const PictureLoss& loss : episode.losses) losses.push_back({row.index, loss});
  for (size_t c = 0; c < videos.size(); ++c) {
    const DatasetVideo::Added added = videos[c].add(episode, c);
    for (const PictureLoss& loss : added.losses) losses.push_back({row.index, loss});
    row.videos.push_back(added.place);
    row.stats[videos[c].key()] = added.pixels.stats();
    pixels[videos[c].key()].add(added.pixels);
    files.insert(numbered_file(kVideoPath, added.place.file, videos[c].key()));
  }
}

void DatasetWriter::Impl::take_rows(io::Table table, EpisodeEntry& row) {
  add_rows(table, row_stats);
  const int64_t bytes = bytes_of(table);
  const int64_t most = std::min(options.pending_bytes, options.data_file_bytes);
  if (!pending.empty() &&
      (pending_bytes + bytes >= most || !same_columns(pending.front(), table))) {
    flush_data();
  }
  pending.push_back(std::move(table));
  pending_bytes += bytes;
  row.data_file = next_data_file;
}

void DatasetWriter::Impl::flush_data() {
  if (pending.empty()) return;
  const std::string name = numbered_file(kDataPath, next_data_file);
  prepare_parent(stage->path() / name);
  parquet->write(stage->path() / name, pending,
                 {{"huggingface", huggingface_metadata(row_features(e, layout))}});
  files.insert(name);
  ++next_data_file;
  pending.clear();
  pending_bytes = 0;
}

void DatasetWriter::Impl::write_episodes() {
  if (rows.empty()) return;
  std::vector<std::string> keys;
  for (const DatasetVideo& video : videos) keys.push_back(video.key());
  std::vector<io::Table> tables;
  const fs::path last = stage->dataset() / numbered_file(kEpisodesPath, next_episodes_file - 1);
  if (next_episodes_file > 0 && next_episodes_file == known.episode_files) {
    io::Table table = read_known_episodes(last, known, *parquet);
    const auto together = static_cast<int64_t>(table.rows()) + std::ssize(rows);
    if (together <= options.pending_episodes) {
      tables.push_back(std::move(table));
      --next_episodes_file;
    }
  }
  tables.push_back(episodes_table(rows, keys, next_episodes_file));
  if (tables.size() == 2 && !same_columns(tables[0], tables[1])) {
    ++next_episodes_file;
    tables = {episodes_table(rows, keys, next_episodes_file)};
  }
  const std::string name = numbered_file(kEpisodesPath, next_episodes_file);
  prepare_parent(stage->path() / name);
  parquet->write(stage->path() / name, tables);
  files.insert(name);
  ++next_episodes_file;
  known.episode_files = -1;
  rows.clear();
}

std::map<std::string, Stats> DatasetWriter::Impl::stats() const {
  std::map<std::string, Stats> all;
  for (const auto& [name, running] : row_stats) all[name] = running.stats();
  for (const auto& [key, counts] : pixels) {
    const auto former = known.picture_stats.find(key);
    all[key] = former == known.picture_stats.end()
                   ? counts.stats()
                   : merge_stats(std::array{former->second, counts.stats()});
  }
  return all;
}

ordered_json DatasetWriter::Impl::features() const {
  ordered_json all = row_features(e, layout);
  for (size_t c = 0; c < videos.size(); ++c) {
    const CameraSpec& camera = e.cameras[c];
    all[videos[c].key()] = {{"dtype", "video"},
                            {"shape", {camera.height, camera.width, 3}},
                            {"names", {"height", "width", "channels"}},
                            {"info",
                             {{"video.height", camera.height},
                              {"video.width", camera.width},
                              {"video.codec", options.video.codec},
                              {"video.pix_fmt", "yuv420p"},
                              {"video.is_depth_map", false},
                              {"video.fps", fps},
                              {"video.channels", 3},
                              {"has_audio", false},
                              {"video.g", options.video.group},
                              {"video.fast_decode", options.video.fast_decode},
                              {"video.crf", options.video.crf}}}};
  }
  return all;
}

ordered_json DatasetWriter::Impl::info() const {
  return {{"codebase_version", kVersion30},
          {"robot_type", e.name},
          {"total_episodes", total_episodes},
          {"total_frames", total_frames},
          {"total_tasks", tasks.size()},
          {"chunks_size", kChunkFiles},
          {"data_files_size_in_mb", options.data_file_bytes / 1'000'000},
          {"video_files_size_in_mb", options.video_file_bytes / 1'000'000},
          {"fps", fps},
          {"splits", {{"train", fmt::format("0:{}", total_episodes)}}},
          {"data_path", kDataPath},
          {"video_path", videos.empty() ? ordered_json() : ordered_json(kVideoPath)},
          {"features", features()}};
}

void DatasetWriter::Impl::finish(const ordered_json& step) {
  if (!created) throw Error(stage->dataset().string(), "no episode to write", "record one first");
  if (broken) {
    throw Error(stage->dataset().string(), "an episode could not be written whole",
                "the dataset is as it was; start it again");
  }
  if (total_episodes == known.total_episodes) return;
  flush_data();
  for (DatasetVideo& video : videos) video.finish();
  write_meta();
  if (!step.is_null()) {
    ordered_json history = read_history(stage->dataset());
    history.push_back(step);
    io::write_atomically(stage->path() / "meta/gyre_history.json", history.dump(1));
  }
  std::error_code ignored;
  fs::remove_all(stage->path() / ".parts", ignored);
  stage->publish([&](const fs::path& name) { return !is_numbered(name) || files.contains(name); });
}

void DatasetWriter::Impl::write_meta() {
  const fs::path meta = stage->path() / "meta";
  prepare_parent(meta / "info.json");
  write_episodes();
  write_tasks(*parquet, meta / "tasks.parquet", tasks);
  if (!losses.empty()) write_losses_table(*parquet, stage->path() / kLossesFile, losses);
  ordered_json all_stats;
  for (const auto& [name, part] : stats()) {
    all_stats[name] = stats_json(part, name.starts_with(kImagePrefix));
  }
  ordered_json gyre = {{"gyre", 1},
                       {"contract_hash", e.contract_hash()},
                       {"embodiment", nlohmann::json(e)},
                       {"total_episodes", total_episodes},
                       {"episodes", episodes}};
  if (known.picture_stats.empty()) gyre["pixels"] = pixels;
  io::write_atomically(meta / "stats.json", all_stats.dump(4));
  io::write_atomically(meta / "gyre.json", gyre.dump(1));
  io::write_atomically(meta / "info.json", info().dump(4));
}

DatasetWriter::DatasetWriter(const fs::path& folder, const Embodiment& embodiment,
                             const DatasetOptions& options, io::FileCalls& calls)
    : impl_(std::make_unique<Impl>(folder, embodiment, options, calls)) {}

DatasetWriter::~DatasetWriter() = default;

int64_t DatasetWriter::add(const EpisodeRows& episode) { return impl_->add(episode); }
void DatasetWriter::finish(const ordered_json& step) { impl_->finish(step); }

}  // namespace gyre::data
