#include "gyre/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/dataset_commit.h"
#include "gyre/data/dataset_index.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/io/image_file.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kToleranceS = 1e-4;  // LeRobot's

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

}  // namespace

// EpisodeRows after episode comes from one file; looking for one among hundreds of row groups costs
// more than reading them all. Files up to a size are held whole, the last one that was asked for.
struct Dataset::LastFile {
  static constexpr uintmax_t kLargest = 64'000'000;  // bytes on disk

  std::mutex mutex;
  fs::path file;
  std::vector<std::string> columns;
  std::shared_ptr<const io::Table> table;
};

Dataset::Dataset(fs::path folder) : folder_(std::move(folder)) {
  read_published(folder_, [this] { read_meta(); });
}

void Dataset::read_meta() {
  columns_.clear();
  cameras_.clear();
  const fs::path meta = folder_ / "meta", info_file = meta / "info.json";
  if (!fs::exists(info_file)) {
    throw Error(folder_.string(), "not a dataset: it has no meta/info.json",
                "name a LeRobotDataset folder");
  }
  const DatasetInfo info = read_info(info_file);
  parquet_ = io::Parquet::open();
  last_file_ = std::make_shared<LastFile>();
  version_ = info.version;
  fps_ = info.fps;
  total_frames_ = info.total_frames;
  DatasetIndex index = version_ == kVersion30 ? read_index_v30(folder_, info, *parquet_)
                                              : read_index_v21(folder_, info);
  episodes_ = std::move(index.episodes);
  std::sort(episodes_.begin(), episodes_.end(),
            [](const DatasetEpisode& a, const DatasetEpisode& b) { return a.index < b.index; });
  tasks_ = std::move(index.tasks);
  stats_ = std::move(index.stats);
  const fs::path gyre_file = meta / "gyre.json";
  has_contract_ = fs::exists(gyre_file);
  if (has_contract_) {
    const json gyre = read_json(gyre_file);
    try {
      embodiment_ = gyre.at("embodiment").get<Embodiment>();
      apply_gyre(gyre, episodes_, gyre_file);
    } catch (const json::exception& error) {
      throw Error(gyre_file.string(), error.what(), "it is not as Gyre wrote it");
    }
    embodiment_.validate();
  } else {
    embodiment_ = derive_embodiment(info_file, info, stats_);
  }
  for (const std::string& name : known_columns()) {
    if (info.has(name)) columns_.push_back(name);
  }
  const std::vector<std::string> keys = video_keys(info);
  for (const CameraSpec& camera : embodiment_.cameras) {
    const std::string prefixed = std::string(kImagePrefix) + camera.name;
    const DatasetFeature* feature = info.find(info.has(prefixed) ? prefixed : camera.name);
    if (feature == nullptr) {
      throw Error(info_file.string(), "no feature for the camera '" + camera.name + "'");
    }
    const auto track = std::find(keys.begin(), keys.end(), feature->name) - keys.begin();
    cameras_.push_back({.column = feature->dtype == "image" ? feature->name : "",
                        .track = static_cast<size_t>(track)});
  }
}

Dataset::~Dataset() = default;

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
  const auto found = stats_.find(feature);
  return found == stats_.end() ? std::nullopt : std::optional(found->second);
}

std::string Dataset::hash() const {
  std::vector<fs::path> files;
  const fs::path meta = folder_ / "meta";
  for (const auto& entry : fs::recursive_directory_iterator(meta)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Sha256 hash;
  for (const fs::path& file : files) {
    hash.update(("meta" / fs::relative(file, meta)).string()).update(sha256_file(file));
  }
  return hash.hex(16);
}

io::Table Dataset::rows_of(const DatasetEpisode& episode,
                           const std::vector<std::string>& columns) const {
  std::error_code unknown;
  if (fs::file_size(episode.data_file, unknown) > LastFile::kLargest) {
    return parquet_->read(episode.data_file, columns,
                          io::Parquet::RowFilter{"episode_index", episode.index});
  }
  std::shared_ptr<const io::Table> table;
  {
    const std::lock_guard lock(last_file_->mutex);
    if (last_file_->file != episode.data_file || last_file_->columns != columns) {
      last_file_->table = std::make_shared<io::Table>(parquet_->read(episode.data_file, columns));
      last_file_->file = episode.data_file;
      last_file_->columns = columns;
    }
    table = last_file_->table;
  }
  const io::Column* index = table->find("episode_index");
  if (index == nullptr || index->kind != io::ColumnKind::kInt64) {
    throw Error(episode.data_file.string(), "episode_index has not LeRobot's type");
  }
  const auto [first, last] =
      std::equal_range(index->ints.begin(), index->ints.end(), episode.index);
  return io::slice(*table, static_cast<size_t>(first - index->ints.begin()),
                   static_cast<size_t>(last - first));
}

EpisodeRows Dataset::read(int64_t episode_index, const ReadOptions& options) const {
  const auto found = std::find_if(episodes_.begin(), episodes_.end(),
                                  [&](const auto& e) { return e.index == episode_index; });
  const std::string where = fmt::format("{}: episode {}", folder_.string(), episode_index);
  if (found == episodes_.end()) throw Error(where, "no such episode");
  if (!found->missing.empty()) {
    throw Error(where, "its file " + found->missing + " is not here", "fetch it");
  }
  EpisodeRows episode{.embodiment = embodiment_.name,
                      .task_name = found->task_name,
                      .family = found->family,
                      .instruction = found->tasks.empty() ? "" : found->tasks[0],
                      .seed = found->seed,
                      .success = found->success,
                      .rows = {}};
  const std::vector<size_t> cameras =
      options.images ? chosen_cameras(embodiment_, options) : std::vector<size_t>{};
  std::vector<std::string> columns = columns_;
  for (size_t camera : cameras) {
    if (!cameras_[camera].column.empty()) columns.push_back(cameras_[camera].column);
  }
  const std::string file = found->data_file.string();
  const io::Table table = rows_of(*found, columns);
  if (static_cast<int64_t>(table.rows()) != found->length) {
    throw Error(
        file,
        fmt::format("{} frames of episode {}, not {}", table.rows(), episode_index, found->length),
        "fetch it again");
  }
  try {
    fill_rows(table, tasks_, episode);
  } catch (const Error& error) {
    throw Error(file, error.what());
  }
  // Nobody judged, says Gyre; LeRobot's column has no word for that.
  if (has_contract_) episode.success = found->success;
  for (size_t place = 0; place < cameras.size(); ++place) {
    const Camera& camera = cameras_[cameras[place]];
    const auto put = [&](size_t row, const Image& image) {
      std::vector<Image>& images = episode.rows[row].images;
      images.resize(cameras.size());
      images[place] = fitted(image, options);
    };
    if (camera.column.empty()) {
      const DatasetEpisode::Video& source = found->videos.at(camera.track);
      std::vector<double> times;
      for (float t : table.find("timestamp")->floats) times.push_back(source.from_s + t);
      io::read_video(source.file, times, kToleranceS, put);
    } else {
      const io::Column& images = *table.find(camera.column);
      for (size_t row = 0; row < table.rows(); ++row) {
        const std::string& bytes = images.children.at(0).strings.at(row);
        put(row,
            io::decode_image({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, file));
      }
    }
  }
  return episode;
}

}  // namespace gyre::data
