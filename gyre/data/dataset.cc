#include "gyre/data/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/dataset_commit.h"
#include "gyre/data/dataset_files.h"
#include "gyre/data/dataset_index.h"
#include "gyre/data/dataset_pictures.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/data/feature_keys.h"
#include "gyre/data/feature_stats.h"
#include "gyre/data/picture_column.h"
#include "gyre/io/image_file.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// What Gyre adds about each episode.
void apply_gyre(const json& gyre, std::vector<DatasetEpisode>& episodes, const fs::path& file) {
  const json& entries = gyre.at("episodes");
  for (DatasetEpisode& episode : episodes) {
    if (episode.index < 0 || static_cast<size_t>(episode.index) >= entries.size()) {
      throw Error(file.string(), fmt::format("does not know episode {}", episode.index),
                  "fetch meta/ again");
    }
    const json& entry = entries[static_cast<size_t>(episode.index)];
    episode.task_name = entry.at("task_name");
    episode.family = entry.at("family");
    episode.seed = entry.at("seed");
    episode.hash = entry.value("hash", "");
    if (entry.at("success").is_boolean()) episode.success = entry.at("success").get<bool>();
    // The words that were given, first; steps may hold others.
    const std::string instruction = entry.at("instruction");
    std::erase(episode.tasks, instruction);
    episode.tasks.insert(episode.tasks.begin(), instruction);
  }
}

Image fitted(const Image& image, const ReadOptions& options) {
  const int width = options.image_width > 0 ? options.image_width : image.width;
  const int height = options.image_height > 0 ? options.image_height : image.height;
  return io::resize(image, width, height);
}

// For each camera that is wanted: its place among the contract's.
std::vector<size_t> chosen_cameras(const Embodiment& e, const ReadOptions& options) {
  std::vector<size_t> chosen;
  for (size_t c = 0; c < e.cameras.size(); ++c) {
    if (options.cameras.empty()) chosen.push_back(c);
  }
  std::vector<std::string> names(e.cameras.size());
  std::transform(e.cameras.begin(), e.cameras.end(), names.begin(),
                 [](const CameraSpec& camera) { return camera.name; });
  for (const std::string& name : options.cameras) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      throw Error(e.name, "has no camera '" + name + "'",
                  "did you mean '" + nearest_name(name, names) + "'?");
    }
    chosen.push_back(static_cast<size_t>(found - names.begin()));
  }
  return chosen;
}

// Rows that each data file should hold.
std::map<fs::path, int64_t> rows_by_file(const std::vector<DatasetEpisode>& episodes) {
  std::map<fs::path, int64_t> rows;
  for (const DatasetEpisode& episode : episodes) {
    if (!episode.data_file.empty()) rows[episode.data_file] += episode.length;
  }
  return rows;
}

std::vector<RowsAsked::Part> parts_of(const DatasetInfo& info,
                                      const std::vector<std::string>& keys) {
  std::vector<RowsAsked::Part> parts;
  for (const std::string& key : keys) {
    const DatasetFeature* feature = info.find(key);
    parts.push_back({key, feature == nullptr ? 0 : static_cast<size_t>(feature->numbers())});
  }
  return parts;
}

void tell_names(const fs::path& info_file, const DatasetInfo& info,
                const std::vector<std::string>& keys, const Notices& tell) {
  for (const std::string& key : keys) {
    const DatasetFeature& feature = *info.find(key);
    const auto named = std::ssize(feature.names);
    // One name for several numbers is openpi's way to name the feature itself.
    if (named <= 1 || named == feature.numbers()) continue;
    tell(fmt::format("{}: '{}' has {} names for {} numbers, which are called 0, 1 ... instead",
                     info_file.string(), key, named, feature.numbers()));
  }
}

}  // namespace

Dataset::Dataset(fs::path folder, const OpenOptions& options) : folder_(std::move(folder)) {
  read_published(folder_, [&] { read_meta(options); });
}

Dataset::~Dataset() = default;

void Dataset::read_meta(const OpenOptions& options) {
  cameras_.clear();
  depth_maps_.clear();
  damage_.clear();
  obstacle_.clear();
  const fs::path info_file = folder_ / "meta/info.json";
  if (!fs::exists(info_file)) {
    throw Error(folder_.string(), "not a dataset: it has no meta/info.json",
                "name a LeRobotDataset folder");
  }
  if (!(options.time_tolerance_s >= 0 && std::isfinite(options.time_tolerance_s))) {
    throw Error("--time-tolerance", fmt::format("is {} s", options.time_tolerance_s),
                "give a number from 0 up");
  }
  info_ = std::make_unique<DatasetInfo>(read_info(info_file));
  version_ = info_->version;
  time_tolerance_s_ = options.time_tolerance_s;
  asked_ = std::make_unique<RowsAsked>();
  asked_->tell = Notices(options.tell);
  const auto attempt = [&](std::string& failure, const auto& read) {
    if (!options.inspect) return read();
    try {
      read();
    } catch (const Error& error) {
      failure = error.what();
    }
  };
  parquet_ = io::Parquet::open();
  attempt(damage_, [&] { read_index(*parquet_); });
  attempt(obstacle_, [&] { read_contract(options); });
  asked_->tell = asked_->tell.about(folder_.string());
  files_ = std::make_shared<DataFiles>(parquet_, rows_by_file(episodes_), version_ != kVersion30,
                                       asked_->tell);
}

void Dataset::read_index(const io::Parquet& parquet) {
  const Notices& tell = asked_->tell;
  DatasetIndex index = version_ == kVersion30 ? read_index_v30(folder_, *info_, parquet, tell)
                                              : read_index_v2(folder_, *info_, tell);
  episodes_ = std::move(index.episodes);
  asked_->tasks = std::move(index.tasks);
  stats_ = std::move(index.stats);
  if (info_->total_episodes > 0 && info_->total_episodes != std::ssize(episodes_)) {
    tell(fmt::format("{}: meta/info.json counts {} episodes, its list of them {}", folder_.string(),
                     info_->total_episodes, episodes_.size()));
  }
}

void Dataset::read_contract(const OpenOptions& options) {
  const fs::path meta = folder_ / "meta", info_file = meta / "info.json";
  const fs::path gyre_file = meta / "gyre.json";
  const Notices& tell = asked_->tell;
  has_contract_ = fs::exists(gyre_file);
  asked_->gyre = has_contract_;
  if (has_contract_) {
    if (!options.keys.empty()) {
      throw Error(folder_.string(), "Gyre wrote it, and its contract names state and action",
                  "leave out --key-map");
    }
    const json gyre = read_json(gyre_file);
    try {
      embodiment_ = gyre.at("embodiment").get<Embodiment>();
      apply_gyre(gyre, episodes_, gyre_file);
    } catch (const json::exception& error) {
      throw Error(gyre_file.string(), error.what(), "it is not as Gyre wrote it");
    }
    embodiment_.validate();
    state_keys_ = {"observation.state"};
    action_keys_ = {"action"};
    asked_->state = {{"observation.state", embodiment_.state.size()}};
    asked_->action = {{"action", embodiment_.action.size()}};
  } else {
    const FeatureKeys chosen = choose_keys(info_file, *info_, options.keys, tell);
    state_keys_ = chosen.state;
    action_keys_ = chosen.action;
    mark_depth_maps(episodes_, *parquet_, options.cameras, *info_);
    embodiment_ = derive_embodiment(info_file, *info_, stats_, chosen);
    asked_->state = parts_of(*info_, state_keys_);
    asked_->action = parts_of(*info_, action_keys_);
    tell_names(info_file, *info_, state_keys_, tell);
    tell_names(info_file, *info_, action_keys_, tell);
    for (const DatasetFeature& feature : info_->features) {
      if (feature.is_depth_map) depth_maps_.push_back(camera_of(info_file, feature));
    }
  }
  asked_->cameras = embodiment_.cameras.size();
  find_cameras(info_file, options.cameras);
  if (!has_contract_) tell_unused();
}

void Dataset::find_cameras(const fs::path& info_file, const std::vector<std::string>& asked) {
  const std::vector<std::string> keys = video_keys(*info_);
  for (const CameraSpec& camera : embodiment_.cameras) {
    const std::string prefixed = std::string(kImagePrefix) + camera.name;
    const DatasetFeature* feature = info_->find(info_->has(prefixed) ? prefixed : camera.name);
    if (feature == nullptr) {
      throw Error(info_file.string(), "no feature for the camera '" + camera.name + "'");
    }
    const auto track = std::find(keys.begin(), keys.end(), feature->name) - keys.begin();
    cameras_.push_back({.column = feature->dtype == "image" ? feature->name : "",
                        .track = static_cast<size_t>(track),
                        .asked = std::ranges::find(asked, camera.name) != asked.end() ||
                                 std::ranges::find(asked, feature->name) != asked.end()});
  }
}

// Features that others recorded and nothing here reads.
void Dataset::tell_unused() const {
  constexpr size_t kNamed = 8;
  std::vector<std::string> used = known_columns(), unused;
  for (const char* name : {"episode_index", "index", "next.done", "next.reward"}) {
    used.emplace_back(name);
  }
  used.insert(used.end(), state_keys_.begin(), state_keys_.end());
  used.insert(used.end(), action_keys_.begin(), action_keys_.end());
  for (const DatasetFeature& feature : info_->features) {
    const bool picture = feature.dtype == "video" || feature.dtype == "image";
    if (picture || std::find(used.begin(), used.end(), feature.name) != used.end()) continue;
    unused.push_back(feature.name);
  }
  if (unused.empty()) return;
  const size_t more = unused.size() > kNamed ? unused.size() - kNamed : 0;
  unused.resize(unused.size() - more);
  asked_->tell(fmt::format("{}: nothing reads {}{}", folder_.string(), fmt::join(unused, ", "),
                           more > 0 ? fmt::format(" and {} more", more) : ""));
}

const Embodiment& Dataset::embodiment() const {
  if (!damage_.empty()) throw Error("", damage_);
  if (!obstacle_.empty()) throw Error("", obstacle_);
  return embodiment_;
}

double Dataset::fps() const { return info_->fps; }
int64_t Dataset::total_frames() const { return info_->total_frames; }
const std::vector<DatasetFeature>& Dataset::features() const { return info_->features; }

const DatasetEpisode& Dataset::episode(int64_t index) const {
  const auto found =
      std::lower_bound(episodes_.begin(), episodes_.end(), index,
                       [](const DatasetEpisode& e, int64_t wanted) { return e.index < wanted; });
  if (found == episodes_.end() || found->index != index) {
    throw Error(fmt::format("{}: episode {}", folder_.string(), index), "no such episode",
                fmt::format("`gyre data info {}` lists those that are there", folder_.string()));
  }
  return *found;
}

std::vector<int64_t> Dataset::present() const {
  std::vector<int64_t> indices;
  for (const DatasetEpisode& episode : episodes_) {
    if (episode.missing.empty()) indices.push_back(episode.index);
  }
  return indices;
}

std::vector<int64_t> Dataset::missing() const {
  std::vector<int64_t> indices;
  for (const DatasetEpisode& episode : episodes_) {
    if (!episode.missing.empty()) indices.push_back(episode.index);
  }
  return indices;
}

std::optional<Stats> Dataset::stats(const std::string& feature) const {
  const std::vector<std::string>& keys = feature == "observation.state" ? state_keys_
                                         : feature == "action"          ? action_keys_
                                                                        : std::vector{feature};
  std::vector<Stats> parts;
  for (const std::string& key : keys) {
    const auto found = stats_.find(key);
    if (found == stats_.end()) return std::nullopt;
    parts.push_back(found->second);
  }
  if (parts.empty()) return std::nullopt;
  return parts.size() == 1 ? parts[0] : join_stated(parts);
}

std::string Dataset::hash() const {
  const fs::path meta = folder_ / "meta";
  Sha256 hash;
  for (const fs::path& file : files_below(meta)) {
    // Not fs::relative(), which follows links to where the file really is.
    hash.update(("meta" / file.lexically_relative(meta)).string()).update(sha256_file(file));
  }
  return hash.hex(16);
}

struct Dataset::Episode {
  const DatasetEpisode& place;
  EpisodeRows rows;
  io::Table table;
  FrameTimes times;
};

// Everything but the pictures; `cameras` are those whose columns are wanted. `complete`: also what
// only analysis needs.
Dataset::Episode Dataset::read_rows(int64_t episode_index, const std::vector<size_t>& cameras,
                                    bool complete) const {
  const Embodiment& contract = embodiment();
  const DatasetEpisode& found = episode(episode_index);
  const std::string where = fmt::format("{}: episode {}", folder_.string(), episode_index);
  if (!found.missing.empty()) throw Error(where, found.missing);
  EpisodeRows result{.embodiment = contract.name,
                     .task_name = found.task_name,
                     .family = found.family,
                     .instruction = found.tasks.empty() ? "" : found.tasks[0],
                     .seed = found.seed,
                     .success = found.success,
                     .rows = {}};
  std::vector<DataFiles::Wanted> columns;
  for (const auto* parts : {&asked_->state, &asked_->action}) {
    for (const RowsAsked::Part& part : *parts) columns.push_back({part.column});
  }
  for (const std::string& name : known_columns()) {
    if (complete || !name.starts_with(kComponentInfo)) columns.push_back({name, false});
  }
  for (size_t camera : cameras) {
    if (!cameras_[camera].column.empty()) columns.push_back({cameras_[camera].column});
  }
  io::Table table = files_->rows(found.data_file, found.index, found.length, columns);
  const std::string file = found.data_file.string();
  if (static_cast<int64_t>(table.rows()) != found.length) {
    throw Error(file,
                fmt::format("{}{} frames of episode {}, not {}",
                            static_cast<int64_t>(table.rows()) > found.length ? "at least " : "",
                            table.rows(), episode_index, found.length),
                "fetch it again");
  }
  FrameTimes times;
  try {
    times = frame_times(table.find("frame_index"), table.find("timestamp"), table.rows(),
                        info_->fps, time_tolerance_s_,
                        asked_->tell.about(fmt::format("episode {}", episode_index)));
    fill_rows(table, times, *asked_, found.tasks.size() == 1 ? found.tasks[0] : "", result);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: episode {}", file, episode_index), error.what());
  }
  if (result.instruction.empty() && !result.rows.empty()) result.instruction = result.rows[0].task;
  // Nobody judged, says Gyre; LeRobot's column has no word for that.
  if (has_contract_) result.success = found.success;
  return {.place = found,
          .rows = std::move(result),
          .table = std::move(table),
          .times = std::move(times)};
}

EpisodeRows Dataset::read(int64_t episode_index, const ReadOptions& options) const {
  const std::vector<size_t> cameras =
      options.images ? chosen_cameras(embodiment(), options) : std::vector<size_t>{};
  Episode episode = read_rows(episode_index, cameras, true);
  for (size_t place = 0; place < cameras.size(); ++place) {
    const auto put = [&](size_t row, const Image& image) {
      std::vector<Image>& images = episode.rows.rows[row].images;
      images.resize(cameras.size());
      images[place] = fitted(image, options);
    };
    const Camera& camera = cameras_[cameras[place]];
    if (camera.column.empty()) {
      read_track(episode.place.videos.at(camera.track), episode.times, put);
      continue;
    }
    try {
      const PictureColumn pictures(*episode.table.find(camera.column), folder_, camera.asked);
      for (size_t row = 0; row < episode.table.rows(); ++row) put(row, pictures.at(row));
    } catch (const Error& error) {
      throw Error(fmt::format("{}: episode {}", episode.place.data_file.string(), episode_index),
                  error.what());
    }
  }
  return std::move(episode.rows);
}

EpisodeOnDisk Dataset::read_on_disk(int64_t episode_index) const {
  Episode episode = read_rows(episode_index, {}, false);
  const std::vector<int64_t>& number = episode.times.number;
  bool even = !episode.times.recorded;
  for (size_t row = 0; row < number.size(); ++row) {
    even = even && number[row] == static_cast<int64_t>(row);
  }
  EpisodeOnDisk result{.rows = std::move(episode.rows), .tracks = {}};
  for (const Camera& camera : cameras_) {
    PictureTrack& track = result.tracks.emplace_back();
    if (!camera.column.empty()) continue;
    const DatasetEpisode::Video& video = episode.place.videos.at(camera.track);
    track = {.file = video.file,
             .seconds = {},
             .from_s = video.from_s,
             .fps = info_->fps,
             .tolerance_s = time_tolerance_s_ + episode.times.slack_s + video.from_slack_s};
    if (even) continue;
    for (const double seconds : episode.times.seconds) {
      track.seconds.push_back(video.from_s + seconds);
    }
  }
  return result;
}

void Dataset::read_track(const DatasetEpisode::Video& video, const FrameTimes& times,
                         const std::function<void(size_t, const Image&)>& put) const {
  std::vector<double> wanted;
  wanted.reserve(times.seconds.size());
  for (const double seconds : times.seconds) wanted.push_back(video.from_s + seconds);
  try {
    io::read_video(video.file, wanted, time_tolerance_s_ + times.slack_s + video.from_slack_s, put);
  } catch (const Error& error) {
    if (!times.recorded) throw;
    throw Error("", error.what(),
                fmt::format("the recorded times are further than {} s from frame_index / fps: "
                            "--time-tolerance S allows more",
                            time_tolerance_s_));
  }
}

}  // namespace gyre::data
