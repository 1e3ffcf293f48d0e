#include "gyre/data/dataset_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/data/dataset_commit.h"
#include "gyre/data/dataset_index.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/data/dataset_tables.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kDataPath = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
constexpr const char* kVideoPath =
    "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4";
constexpr const char* kEpisodesPath =
    "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";

// A file by its number over all chunks.
std::string numbered(const char* pattern, int64_t number, const std::string& key = "") {
  return fill_path(
      pattern, {{"chunk_index", number / kChunkFiles}, {"file_index", number % kChunkFiles}}, key);
}

// The first number after the `known` files. Removes files from there on, which a commit that was
// cut short left behind and no episode names.
int64_t next_file(const fs::path& folder, const std::set<fs::path>& known, const char* pattern,
                  const std::string& key = "") {
  int64_t next = 0;
  while (known.contains(folder / numbered(pattern, next, key))) ++next;
  std::error_code ignored;
  for (int64_t i = next; fs::remove(folder / numbered(pattern, i, key), ignored); ++i) {
  }
  return next;
}

bool holds_files(const fs::path& folder) {
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(folder, missing)) {
    if (!entry.is_directory()) return true;
  }
  return false;
}

void prepare_parent(const fs::path& file) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) io::throw_file_error(file.parent_path(), "create", failed.value());
}

size_t bytes_of(const io::Column& column) {
  size_t bytes = column.bools.size() + 8 * column.ints.size() + 4 * column.floats.size() +
                 8 * column.doubles.size() + 8 * column.ends.size();
  for (const std::string& text : column.strings) bytes += text.size() + 4;
  for (const io::Column& child : column.children) bytes += bytes_of(child);
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
  struct Camera {
    std::string key;
    std::unique_ptr<io::VideoJoiner> video;  // the file that is open; null at first
    int64_t next_file = 0;                   // its number
    int64_t bytes = 0;
    double end_s = 0;
  };

  Impl(const fs::path& folder, const Embodiment& embodiment, const DatasetOptions& options,
       io::FileCalls& calls);
  std::set<fs::path> resume();
  int64_t task_index(const std::string& task);
  int64_t add(const EpisodeRows& episode);
  VideoPlace encode(const EpisodeRows& episode, size_t camera, int64_t index);
  void flush_data();
  void flush_video(Camera& camera);
  void write_episodes();
  void write_meta();
  void finish();
  ordered_json features() const;
  ordered_json info() const;

  fs::path folder, partial;
  Embodiment e;
  DatasetOptions options;
  io::FileCalls& calls;
  RowLayout layout;
  bool created = false;  // the folder holds a dataset, or an episode was added
  std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  int fps;
  int64_t total_episodes = 0, total_frames = 0, next_data_file = 0, next_episodes_file = 0;
  std::vector<std::string> tasks;
  std::map<std::string, Stats> stats;
  ordered_json episodes = ordered_json::array();  // of meta/gyre.json
  std::vector<EpisodeEntry> rows;
  std::vector<io::Table> pending;
  size_t pending_bytes = 0;
  std::vector<Camera> cameras;
  std::vector<fs::path> done;  // written under `partial`, relative
};

DatasetWriter::Impl::Impl(const fs::path& dataset, const Embodiment& embodiment,
                          const DatasetOptions& settings, io::FileCalls& file_calls)
    : folder(dataset),
      partial(dataset / ".partial"),
      e(embodiment),
      options(settings),
      calls(file_calls),
      fps(whole_fps(embodiment)) {
  e.validate();
  layout.complete = options.complete;
  recover_dataset(folder, calls);
  std::set<fs::path> known;
  if (fs::exists(folder / "meta/info.json")) {
    known = resume();
  } else if (!fs::exists(partial) && holds_files(folder)) {
    throw Error(folder.string(), "neither empty nor a dataset", "name another folder");
  }
  for (const CameraSpec& camera : e.cameras) {
    cameras.push_back({.key = std::string(kImagePrefix) + camera.name});
    cameras.back().next_file = next_file(folder, known, kVideoPath, cameras.back().key);
  }
  next_data_file = next_file(folder, known, kDataPath);
  while (fs::exists(folder / numbered(kEpisodesPath, next_episodes_file))) ++next_episodes_file;
  std::error_code ignored;
  fs::remove_all(partial, ignored);
}

// Returns the files of data/ and videos/ that known episodes name.
std::set<fs::path> DatasetWriter::Impl::resume() {
  const fs::path gyre_file = folder / "meta/gyre.json";
  if (!fs::exists(gyre_file)) {
    throw Error(folder.string(), "a dataset that Gyre did not write", "name another folder");
  }
  const DatasetInfo known = read_info(folder / "meta/info.json");
  const nlohmann::json gyre = read_json(gyre_file);
  try {
    require_same_contract(gyre.at("embodiment").get<Embodiment>(), "dataset " + folder.string(), e,
                          "recording of " + e.name);
    episodes = ordered_json::parse(gyre.at("episodes").dump());
  } catch (const nlohmann::json::exception& error) {
    throw Error(gyre_file.string(), error.what(), "it is not as Gyre wrote it");
  }
  const DatasetIndex index = read_index_v30(folder, known, *parquet);
  stats = index.stats;
  tasks.resize(index.tasks.size());
  for (const auto& [number, task] : index.tasks) tasks.at(number) = task;
  std::set<fs::path> files;
  for (const DatasetEpisode& episode : index.episodes) {
    files.insert(episode.data_file);
    for (const DatasetEpisode::Video& video : episode.videos) files.insert(video.file);
  }
  layout = {.grounding = known.has("observation.grounding"),
            .complete = known.has("complementary_info.chunk_id")};
  total_episodes = known.total_episodes;
  total_frames = known.total_frames;
  created = true;
  return files;
}

int64_t DatasetWriter::Impl::task_index(const std::string& task) {
  const auto found = std::find(tasks.begin(), tasks.end(), task);
  const auto index = found - tasks.begin();
  if (found == tasks.end()) tasks.push_back(task);
  return index;
}

int64_t DatasetWriter::Impl::add(const EpisodeRows& episode) {
  const int64_t index = total_episodes;
  const std::string where = fmt::format("{}: episode {}", folder.string(), index);
  if (episode.rows.empty()) throw Error(where, "it holds no step", "leave it out");
  if (!created) layout.grounding = !episode.rows[0].grounding.empty();
  EpisodeEntry row{.index = index,
                   .length = static_cast<int64_t>(episode.rows.size()),
                   .first = total_frames,
                   .tasks = {},
                   .videos = {},
                   .stats = {}};
  io::Table table;
  try {
    table = episode_rows(episode, e, layout,
                         {.episode_index = index,
                          .first_index = total_frames,
                          .fps = fps,
                          .task_index = [&](const std::string& t) { return task_index(t); }});
    row.stats = row_stats(table);
  } catch (const Error& error) {
    throw Error(where, error.what());
  }
  for (int64_t task : table.find("task_index")->ints) {
    const std::string& words = tasks[static_cast<size_t>(task)];
    if (std::find(row.tasks.begin(), row.tasks.end(), words) == row.tasks.end()) {
      row.tasks.push_back(words);
    }
  }
  size_t bytes = 0;
  for (const io::Column& column : table.columns) bytes += bytes_of(column);
  const int64_t most = std::min(options.pending_bytes, options.data_file_bytes);
  if (!pending.empty() && static_cast<int64_t>(pending_bytes + bytes) >= most) flush_data();
  for (size_t c = 0; c < cameras.size(); ++c) {
    row.stats[cameras[c].key] = image_stats(episode, c);
    row.videos.push_back(encode(episode, c, index));
  }
  pending.push_back(std::move(table));
  pending_bytes += bytes;
  row.data_file = next_data_file;
  for (const auto& [name, part] : row.stats) {
    const auto [known, is_new] = stats.try_emplace(name, part);
    if (!is_new) known->second = merge_stats(std::array{known->second, part});
  }
  episodes.push_back({{"task_name", episode.task_name},
                      {"family", episode.family},
                      {"instruction", episode.instruction},
                      {"seed", episode.seed},
                      {"success", episode.success ? ordered_json(*episode.success) : nullptr},
                      {"hash", episode.hash()}});
  rows.push_back(std::move(row));
  if (std::ssize(rows) >= options.pending_episodes) write_episodes();
  total_frames += static_cast<int64_t>(episode.rows.size());
  created = true;
  return total_episodes++;
}

VideoPlace DatasetWriter::Impl::encode(const EpisodeRows& episode, size_t index,
                                       int64_t episode_index) {
  Camera& camera = cameras[index];
  const fs::path part = partial / "parts" / fmt::format("{}-{}.mp4", camera.key, episode_index);
  prepare_parent(part);
  io::VideoWriter writer(part, e.cameras[index].width, e.cameras[index].height, fps, options.video);
  for (const Row& step : episode.rows) writer.add(step.images[index]);
  writer.finish();
  const auto bytes = static_cast<int64_t>(fs::file_size(part));
  if (camera.bytes + bytes >= options.video_file_bytes) flush_video(camera);
  if (!camera.video) {
    const fs::path file = partial / numbered(kVideoPath, camera.next_file, camera.key);
    prepare_parent(file);
    camera.video = std::make_unique<io::VideoJoiner>(file);
  }
  VideoPlace place{.file = camera.next_file, .from_s = camera.end_s};
  place.to_s = camera.end_s = camera.video->add(part);
  fs::remove(part);
  camera.bytes += bytes;
  return place;
}

void DatasetWriter::Impl::flush_video(Camera& camera) {
  if (!camera.video) return;
  camera.video->finish();
  camera.video.reset();
  done.emplace_back(numbered(kVideoPath, camera.next_file, camera.key));
  ++camera.next_file;
  camera.bytes = 0;
  camera.end_s = 0;
}

void DatasetWriter::Impl::flush_data() {
  const std::string name = numbered(kDataPath, next_data_file);
  prepare_parent(partial / name);
  parquet->write(partial / name, pending,
                 {{"huggingface", huggingface_metadata(row_features(e, layout))}});
  done.emplace_back(name);
  ++next_data_file;
  pending.clear();
  pending_bytes = 0;
}

void DatasetWriter::Impl::write_episodes() {
  if (rows.empty()) return;
  const std::string name = numbered(kEpisodesPath, next_episodes_file);
  std::vector<std::string> keys;
  for (const Camera& camera : cameras) keys.push_back(camera.key);
  prepare_parent(partial / name);
  parquet->write(partial / name, std::array{episodes_table(rows, keys, next_episodes_file)});
  ++next_episodes_file;
  rows.clear();
}

ordered_json DatasetWriter::Impl::features() const {
  ordered_json all = row_features(e, layout);
  for (size_t c = 0; c < cameras.size(); ++c) {
    const CameraSpec& camera = e.cameras[c];
    all[cameras[c].key] = {{"dtype", "video"},
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
          {"video_path", cameras.empty() ? ordered_json() : ordered_json(kVideoPath)},
          {"features", features()}};
}

void DatasetWriter::Impl::finish() {
  if (!created) throw Error(folder.string(), "no episode to write", "record one first");
  if (pending.empty()) return;
  flush_data();
  for (Camera& camera : cameras) flush_video(camera);
  write_meta();
  commit_dataset(folder, partial, done, calls);
  done.clear();
  std::error_code ignored;
  fs::remove_all(partial, ignored);
}

// The known meta folder with the new episodes.
void DatasetWriter::Impl::write_meta() {
  prepare_parent(partial / "meta/info.json");
  if (fs::exists(folder / "meta")) {
    std::error_code failed;
    fs::copy(folder / "meta", partial / "meta",
             fs::copy_options::recursive | fs::copy_options::overwrite_existing, failed);
    if (failed) io::throw_file_error(partial / "meta", "write", failed.value());
  }
  write_episodes();
  write_tasks(*parquet, partial / "meta/tasks.parquet", tasks);
  ordered_json all_stats;
  for (const auto& [name, part] : stats) {
    all_stats[name] = stats_json(part, name.starts_with(kImagePrefix));
  }
  const ordered_json gyre = {{"gyre", 1},
                             {"contract_hash", e.contract_hash()},
                             {"embodiment", nlohmann::json(e)},
                             {"episodes", episodes}};
  io::write_atomically(partial / "meta/stats.json", all_stats.dump(4));
  io::write_atomically(partial / "meta/gyre.json", gyre.dump(1));
  io::write_atomically(partial / "meta/info.json", info().dump(4));
}

DatasetWriter::DatasetWriter(const fs::path& folder, const Embodiment& embodiment,
                             const DatasetOptions& options, io::FileCalls& calls)
    : impl_(std::make_unique<Impl>(folder, embodiment, options, calls)) {}

DatasetWriter::~DatasetWriter() {
  std::error_code ignored;
  fs::remove_all(impl_->partial, ignored);
}

int64_t DatasetWriter::add(const EpisodeRows& episode) { return impl_->add(episode); }
void DatasetWriter::finish() { impl_->finish(); }

}  // namespace gyre::data
