#include "gyre/data/dataset_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_rows.h"
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

int64_t first_free(const fs::path& folder, const char* pattern, const std::string& key = "") {
  int64_t number = 0;
  while (fs::exists(folder / numbered(pattern, number, key))) ++number;
  return number;
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
  struct Place {
    int64_t file = 0;
    double from_s = 0, to_s = 0;
  };
  struct EpisodeEntry {
    int64_t index = 0, length = 0, first = 0, data_file = 0;
    std::vector<std::string> tasks;
    std::vector<Place> videos;  // one for each camera
    std::map<std::string, Stats> stats;
  };
  // Encoded episodes of one camera that wait to be joined to a file.
  struct Camera {
    std::string key;
    std::vector<fs::path> parts;
    std::vector<size_t> rows;  // whose they are
    int64_t bytes = 0, next_file = 0;
  };

  Impl(const fs::path& folder, const Embodiment& embodiment, const DatasetOptions& options);
  void resume();
  int64_t task_index(const std::string& task);
  int64_t add(const EpisodeRows& episode);
  void encode(const EpisodeRows& episode, size_t camera, int64_t index);
  void flush_data();
  void flush_video(Camera& camera, size_t camera_index);
  void write_episodes();
  void write_tasks();
  void finish();
  ordered_json features() const;
  ordered_json info() const;

  fs::path folder, partial;
  Embodiment e;
  DatasetOptions options;
  RowLayout layout;
  bool created = false;  // the folder holds a dataset, or an episode was added
  std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  int fps;
  int64_t total_episodes = 0, total_frames = 0, next_data_file = 0;
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
                          const DatasetOptions& settings)
    : folder(dataset),
      partial(dataset / ".partial"),
      e(embodiment),
      options(settings),
      fps(whole_fps(embodiment)) {
  e.validate();
  layout.complete = options.complete;
  std::error_code ignored;
  fs::remove_all(partial, ignored);
  if (fs::exists(folder / "meta/info.json")) {
    resume();
  } else if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored)) {
    throw Error(folder.string(), "neither empty nor a dataset", "name another folder");
  }
  for (const CameraSpec& camera : e.cameras) {
    cameras.push_back({.key = std::string(kImagePrefix) + camera.name, .parts = {}, .rows = {}});
    cameras.back().next_file = first_free(folder, kVideoPath, cameras.back().key);
  }
  next_data_file = first_free(folder, kDataPath);
}

void DatasetWriter::Impl::resume() {
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
    const nlohmann::json known_stats = read_json(folder / "meta/stats.json");
    for (const auto& [name, entry] : known_stats.items()) stats[name] = stats_from_json(entry);
  } catch (const nlohmann::json::exception& error) {
    throw Error(gyre_file.string(), error.what(), "it is not as Gyre wrote it");
  }
  const fs::path task_file = folder / "meta/tasks.parquet";
  const io::Table table = parquet->read(task_file, {"task_index", "task"});
  tasks.resize(table.rows());
  for (size_t i = 0; i < table.rows(); ++i) {
    tasks.at(table.columns[0].ints[i]) = table.columns[1].strings[i];
  }
  layout = {.grounding = known.has("observation.grounding"),
            .complete = known.has("complementary_info.chunk_id")};
  total_episodes = known.total_episodes;
  total_frames = known.total_frames;
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
  const std::string where = fmt::format("{}: episode {}", folder.string(), index);
  if (episode.rows.empty()) throw Error(where, "it holds no step", "leave it out");
  if (!created) layout.grounding = !episode.rows[0].grounding.empty();
  EpisodeEntry row{.index = index,
                   .length = static_cast<int64_t>(episode.rows.size()),
                   .first = total_frames,
                   .tasks = {},
                   .videos = std::vector<Place>(cameras.size()),
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
  if (!pending.empty() && pending_bytes + bytes >= static_cast<size_t>(options.data_file_bytes)) {
    flush_data();
  }
  for (size_t c = 0; c < cameras.size(); ++c) {
    row.stats[cameras[c].key] = image_stats(episode, c);
    encode(episode, c, index);
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
  total_frames += static_cast<int64_t>(episode.rows.size());
  created = true;
  return total_episodes++;
}

void DatasetWriter::Impl::encode(const EpisodeRows& episode, size_t index, int64_t episode_index) {
  Camera& camera = cameras[index];
  const fs::path part = partial / "parts" / fmt::format("{}-{}.mp4", camera.key, episode_index);
  prepare_parent(part);
  io::VideoWriter writer(part, e.cameras[index].width, e.cameras[index].height, fps, options.video);
  for (const Row& step : episode.rows) writer.add(step.images[index]);
  writer.finish();
  const auto bytes = static_cast<int64_t>(fs::file_size(part));
  if (!camera.parts.empty() && camera.bytes + bytes >= options.video_file_bytes) {
    flush_video(camera, index);
  }
  camera.parts.push_back(part);
  camera.rows.push_back(rows.size());
  camera.bytes += bytes;
}

void DatasetWriter::Impl::flush_video(Camera& camera, size_t index) {
  if (camera.parts.empty()) return;
  const std::string name = numbered(kVideoPath, camera.next_file, camera.key);
  prepare_parent(partial / name);
  const std::vector<double> begins = io::concatenate_videos(camera.parts, partial / name);
  for (size_t i = 0; i < camera.parts.size(); ++i) {
    rows[camera.rows[i]].videos[index] = {camera.next_file, begins[i], begins[i + 1]};
    fs::remove(camera.parts[i]);
  }
  done.emplace_back(name);
  ++camera.next_file;
  camera.parts.clear();
  camera.rows.clear();
  camera.bytes = 0;
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

// One row for each episode, with its places, then its statistics.
void DatasetWriter::Impl::write_episodes() {
  const size_t n = rows.size();
  const auto ints = [&](std::string name, auto&& get) {
    std::vector<int64_t> values;
    values.reserve(n);
    for (const EpisodeEntry& row : rows) values.push_back(get(row));
    return io::int_column(std::move(name), std::move(values));
  };
  io::Table table;
  const auto add = [&](io::Column column) { table.columns.push_back(std::move(column)); };
  add(ints("episode_index", [](const EpisodeEntry& r) { return r.index; }));
  io::Column words = io::list_column("tasks", io::string_column("", {}), 0, n);
  for (size_t i = 0; i < n; ++i) {
    std::vector<std::string>& all = words.children[0].strings;
    all.insert(all.end(), rows[i].tasks.begin(), rows[i].tasks.end());
    words.ends[i] = static_cast<int64_t>(all.size());
  }
  add(std::move(words));
  add(ints("length", [](const EpisodeEntry& r) { return r.length; }));
  add(ints("data/chunk_index", [](const EpisodeEntry& r) { return r.data_file / kChunkFiles; }));
  add(ints("data/file_index", [](const EpisodeEntry& r) { return r.data_file % kChunkFiles; }));
  add(ints("dataset_from_index", [](const EpisodeEntry& r) { return r.first; }));
  add(ints("dataset_to_index", [](const EpisodeEntry& r) { return r.first + r.length; }));
  for (size_t c = 0; c < cameras.size(); ++c) {
    const std::string key = "videos/" + cameras[c].key + "/";
    add(ints(key + "chunk_index", [&](auto& r) { return r.videos[c].file / kChunkFiles; }));
    add(ints(key + "file_index", [&](auto& r) { return r.videos[c].file % kChunkFiles; }));
    std::vector<double> from, to;
    for (const EpisodeEntry& row : rows) {
      from.push_back(row.videos[c].from_s);
      to.push_back(row.videos[c].to_s);
    }
    add(io::double_column(key + "from_timestamp", std::move(from)));
    add(io::double_column(key + "to_timestamp", std::move(to)));
  }
  const std::pair<const char*, std::vector<double> Stats::*> parts[] = {
      {"min", &Stats::min}, {"max", &Stats::max}, {"mean", &Stats::mean},
      {"std", &Stats::std}, {"q01", &Stats::q01}, {"q10", &Stats::q10},
      {"q50", &Stats::q50}, {"q90", &Stats::q90}, {"q99", &Stats::q99}};
  for (const auto& [feature, first] : rows[0].stats) {
    const size_t dim = first.dim();
    for (const auto& [part, member] : parts) {
      std::vector<double> values;
      for (const EpisodeEntry& row : rows) {
        const std::vector<double>& of_row = row.stats.at(feature).*member;
        values.insert(values.end(), of_row.begin(), of_row.end());
      }
      io::Column items = io::double_column("", std::move(values));
      if (feature.starts_with(kImagePrefix)) {  // [3][1][1]
        items = io::list_column("", std::move(items), 1, n * dim);
        items = io::list_column("", std::move(items), 1, n * dim);
      }
      add(io::list_column(fmt::format("stats/{}/{}", feature, part), std::move(items), dim, n));
    }
    const std::string name = "stats/" + feature + "/count";
    add(io::list_column(name, ints("", [&](auto& r) { return r.stats.at(feature).count; }), 1, n));
  }
  const int64_t file = first_free(folder, kEpisodesPath);
  add(ints("meta/episodes/chunk_index", [&](const EpisodeEntry&) { return file / kChunkFiles; }));
  add(ints("meta/episodes/file_index", [&](const EpisodeEntry&) { return file % kChunkFiles; }));
  const std::string name = numbered(kEpisodesPath, file);
  prepare_parent(partial / name);
  parquet->write(partial / name, std::array{std::move(table)});
  done.emplace_back(name);
}

void DatasetWriter::Impl::write_tasks() {
  std::vector<int64_t> numbers;
  for (size_t i = 0; i < tasks.size(); ++i) numbers.push_back(static_cast<int64_t>(i));
  const auto column = [](const char* name, const char* type, const char* numpy_type) {
    return ordered_json{{"name", name},
                        {"field_name", name},
                        {"pandas_type", type},
                        {"numpy_type", numpy_type},
                        {"metadata", nullptr}};
  };
  // The index of LeRobot's frame is the task.
  const ordered_json pandas = {
      {"index_columns", {"task"}},
      {"column_indexes", ordered_json::array()},
      {"columns", {column("task_index", "int64", "int64"), column("task", "unicode", "object")}},
      {"creator", {{"library", "gyre"}, {"version", "0.1.0"}}},
      {"pandas_version", "2.2.3"}};
  const io::Table table{
      {io::int_column("task_index", std::move(numbers)), io::string_column("task", tasks)}};
  parquet->write(folder / "meta/tasks.parquet", std::array{table}, {{"pandas", pandas.dump()}});
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
  if (rows.empty()) return;
  flush_data();
  for (size_t c = 0; c < cameras.size(); ++c) flush_video(cameras[c], c);
  write_episodes();
  for (const fs::path& name : done) {
    prepare_parent(folder / name);
    std::error_code failed;
    fs::rename(partial / name, folder / name, failed);
    if (failed) io::throw_file_error(folder / name, "write", failed.value());
  }
  done.clear();
  rows.clear();
  // meta/info.json last: with it the new episodes are there.
  write_tasks();
  ordered_json all_stats;
  for (const auto& [name, part] : stats) {
    all_stats[name] = stats_json(part, name.starts_with(kImagePrefix));
  }
  const ordered_json gyre = {{"gyre", 1},
                             {"contract_hash", e.contract_hash()},
                             {"embodiment", nlohmann::json(e)},
                             {"episodes", episodes}};
  io::write_atomically(folder / "meta/stats.json", all_stats.dump(4));
  io::write_atomically(folder / "meta/gyre.json", gyre.dump(1));
  io::write_atomically(folder / "meta/info.json", info().dump(4));
  std::error_code ignored;
  fs::remove_all(partial, ignored);
}

DatasetWriter::DatasetWriter(const fs::path& folder, const Embodiment& embodiment,
                             const DatasetOptions& options)
    : impl_(std::make_unique<Impl>(folder, embodiment, options)) {}

DatasetWriter::~DatasetWriter() {
  std::error_code ignored;
  fs::remove_all(impl_->partial, ignored);
}

int64_t DatasetWriter::add(const EpisodeRows& episode) { return impl_->add(episode); }
void DatasetWriter::finish() { impl_->finish(); }

}  // namespace gyre::data
