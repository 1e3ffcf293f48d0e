#include "gyre/data/dataset_edit_write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gyre/core/episode.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_rows.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/labels.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr size_t kPendingBytes = 32'000'000;  // rows in memory before they go to a file
constexpr size_t kPendingEpisodes = 1000;
constexpr std::array kNumbers = {"frame_index", "episode_index", "index", "task_index"};

fs::path file_path(const fs::path& folder, const char* pattern, int64_t number) {
  fs::path file = folder / numbered_file(pattern, number);
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) io::throw_file_error(file.parent_path(), "create", failed.value());
  return file;
}

int64_t megabytes(const ordered_json& info, const char* name, int64_t otherwise) {
  const bool stated = info.contains(name) && info[name].is_number() && info[name] > 0;
  return stated ? info[name].get<int64_t>() : otherwise;
}

// One column of nulls.
io::Column nulls_like(const io::Column& column, size_t rows) {
  io::Column empty{.name = column.name, .kind = column.kind};
  for (const io::Column& child : column.children) {
    const bool list = column.kind == io::ColumnKind::kList;
    empty.children.push_back(nulls_like(child, list ? 0 : rows));
  }
  empty.nulls.assign(rows, 1);
  empty.bools.resize(column.kind == io::ColumnKind::kBool ? rows : 0);
  empty.ints.resize(column.kind == io::ColumnKind::kInt64 ? rows : 0);
  empty.floats.resize(column.kind == io::ColumnKind::kFloat ? rows : 0);
  empty.doubles.resize(column.kind == io::ColumnKind::kDouble ? rows : 0);
  const bool text = column.kind == io::ColumnKind::kString || column.kind == io::ColumnKind::kBytes;
  empty.strings.resize(text ? rows : 0);
  empty.ends.resize(column.kind == io::ColumnKind::kList ? rows : 0);
  return empty;
}

// EpisodeRows::hash() of rows as they are stored.
std::string hash_of(const io::Table& rows, const Dataset& dataset) {
  std::vector<const io::Column*> columns;
  for (const auto* keys : {&dataset.state_keys(), &dataset.action_keys()}) {
    for (const std::string& key : *keys) columns.push_back(rows.find(key));
  }
  EpisodeHash hash;
  std::vector<float> numbers;
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (const io::Column* column : columns) {
      if (column == nullptr) continue;
      numbers_of(*column, row, numbers);
      hash.add(numbers, {});
    }
  }
  return hash.hex();
}

}  // namespace

EditWriter::EditWriter(fs::path folder, const DatasetEdit& edit,
                       const std::vector<std::unique_ptr<EditSource>>& sources,
                       std::shared_ptr<const io::Parquet> parquet)
    : folder_(std::move(folder)),
      edit_(edit),
      sources_(sources),
      parquet_(std::move(parquet)),
      fps_(sources.at(0)->info().at("fps").get<double>()),
      features_(sources[0]->features()) {
  const EditSource& first = *sources_[0];
  for (const std::string& name : edit_.drop) features_.erase(name);
  const int64_t video_bytes = 1'000'000 * megabytes(first.info(), "video_files_size_in_mb", 200);
  data_file_bytes_ =
      static_cast<size_t>(1'000'000 * megabytes(first.info(), "data_files_size_in_mb", 100));
  for (const auto& [name, feature] : features_.items()) {
    if (feature.at("dtype") == "video") {
      tracks_.emplace_back(folder_, name, feature, fps_, video_bytes, edit_.encode);
    }
    if (feature.at("dtype") == "image") images_.push_back(name);
  }
  for (const io::ParquetColumn& column : first.columns()) {
    const bool dropped =
        std::find(edit_.drop.begin(), edit_.drop.end(), column.name) != edit_.drop.end();
    const bool number = std::find(kNumbers.begin(), kNumbers.end(), column.name) != kNumbers.end();
    if (!dropped) columns_.push_back({column.name, number ? "BIGINT" : column.type});
  }
  const auto has = [&](const char* name) {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const io::ParquetColumn& c) { return c.name == name; });
  };
  const auto require = [&](const char* name, const char* dtype, const char* type) {
    if (!has(name)) columns_.push_back({name, type});
    if (features_.contains(name)) return;
    features_[name] = {{"dtype", dtype}, {"shape", {1}}, {"names", nullptr}};
  };
  require("timestamp", "float32", "FLOAT");
  for (const char* name : kNumbers) require(name, "int64", "BIGINT");
  // Annotations of episodes: those of the first source that has some; others' fill the same names.
  for (const auto& source : sources_) {
    if (!extras_.columns.empty() || source->extras().columns.empty()) continue;
    extras_ = io::slice(source->extras(), 0, 0);
    extra_types_ = source->extra_types();
  }
}

EditWriter::~EditWriter() = default;

int64_t EditWriter::task_of(const std::string& words) {
  const auto found = std::find(tasks_.begin(), tasks_.end(), words);
  const auto index = found - tasks_.begin();
  if (found == tasks_.end()) tasks_.push_back(words);
  return index;
}

void EditWriter::add(const KeptEpisode& kept) {
  const EditSource& source = *sources_.at(kept.source);
  const DatasetEpisode& episode = source.episode(kept.episode);
  const std::string where = fmt::format("{}: episode {}", source.folder().string(), kept.episode);
  const io::Table rows = source.rows(episode);
  if (static_cast<int64_t>(rows.rows()) != episode.length) {
    throw Error(where, fmt::format("its file holds {} frames, not {}", rows.rows(), episode.length),
                fmt::format("`gyre data repair {}` leaves it out", source.folder().string()));
  }
  const int64_t frames = kept.frames < 0 ? episode.length - kept.first : kept.frames;
  const bool whole = kept.first == 0 && frames == episode.length;
  const auto words_of = [&](int64_t index) {
    if (kept.words) return *kept.words;
    const auto known = source.tasks().find(index);
    std::string words = known != source.tasks().end() ? known->second
                        : episode.tasks.empty()       ? ""
                                                      : episode.tasks[0];
    const auto renamed = edit_.rename.find(words);
    return renamed == edit_.rename.end() ? words : renamed->second;
  };
  const io::Table edited =
      edited_rows(rows, {.first = kept.first,
                         .frames = frames,
                         .episode_index = episodes_,
                         .first_index = frames_,
                         .fps = fps_,
                         .retime = edit_.retime,
                         .task_index = [&](int64_t index) { return task_of(words_of(index)); }});
  io::Table table;
  for (const io::ParquetColumn& column : columns_) {
    const io::Column* values = edited.find(column.name);
    if (values == nullptr) throw Error(where, fmt::format("has no column '{}'", column.name));
    table.columns.push_back(*values);
  }
  EpisodeEntry entry{.index = episodes_,
                     .length = frames,
                     .first = frames_,
                     .data_file = 0,
                     .tasks = {},
                     .videos = {},
                     .stats = {}};
  std::vector<int64_t> used;
  for (const int64_t task : edited.find("task_index")->ints) {
    if (std::find(used.begin(), used.end(), task) != used.end()) continue;
    used.push_back(task);
    entry.tasks.push_back(tasks_[static_cast<size_t>(task)]);
  }
  TableStats of_episode;
  of_episode.add(table);
  entry.stats = of_episode.stats();
  stats_.add(table);
  put_pictures(kept, edited, whole, entry);
  if (!source.gyre().is_null()) {
    gyre_episodes_.push_back(gyre_entry(kept, edited, whole, entry.tasks));
  }
  keep_extras(kept, whole);
  keep_losses(kept, frames);
  keep_identity(kept, rows, whole);
  size_t bytes = 0;
  for (const io::Column& column : table.columns) bytes += column.bytes();
  if (!pending_.empty() && pending_bytes_ + bytes >= std::min(kPendingBytes, data_file_bytes_)) {
    write_data();
  }
  entry.data_file = data_files_;
  entries_.push_back(std::move(entry));
  pending_.push_back(std::move(table));
  pending_bytes_ += bytes;
  if (entries_.size() >= kPendingEpisodes) write_episodes();
  ++episodes_;
  frames_ += frames;
}

void EditWriter::put_pictures(const KeptEpisode& kept, const io::Table& rows, bool whole,
                              EpisodeEntry& entry) {
  const EditSource& source = *sources_[kept.source];
  const DatasetEpisode& episode = source.episode(kept.episode);
  const std::string where = fmt::format("{}: episode {}", source.folder().string(), kept.episode);
  const auto keep = [&](const std::string& key, bool same, const auto& sample) {
    std::optional<Stats> stats = same ? source.picture_stats(kept.episode, key) : std::nullopt;
    if (!stats) stats = sample();
    const auto [known, is_new] = picture_stats_.try_emplace(key, *stats);
    if (!is_new) known->second = merge_stats(std::array{known->second, *stats});
    entry.stats[key] = std::move(*stats);
  };
  for (EditTrack& track : tracks_) {
    const auto place = std::find(source.videos().begin(), source.videos().end(), track.key());
    const DatasetEpisode::Video& video =
        episode.videos.at(static_cast<size_t>(place - source.videos().begin()));
    entry.videos.push_back(track.add(video, kept.first, entry.length, where));
    // Depths are no colours: their statistics cannot be computed from decoded pictures.
    if (track.depth()) continue;
    keep(track.key(), whole && !track.encodes(),
         [&] { return sampled_video_stats(video, kept.first, entry.length, fps_); });
  }
  for (const std::string& key : images_) {
    keep(key, whole, [&] { return sampled_image_stats(*rows.find(key), where); });
  }
}

ordered_json EditWriter::gyre_entry(const KeptEpisode& kept, const io::Table& rows, bool whole,
                                    const std::vector<std::string>& tasks) const {
  const ordered_json* known = sources_[kept.source]->gyre_entry(kept.episode);
  ordered_json entry = known == nullptr ? ordered_json::object() : *known;
  const std::string words = entry.value("instruction", "");
  const auto renamed = edit_.rename.find(words);
  if (kept.words) {
    entry["instruction"] = *kept.words;
  } else if (renamed != edit_.rename.end()) {
    entry["instruction"] = renamed->second;
  } else if (known == nullptr) {
    entry["instruction"] = tasks.empty() ? "" : tasks[0];
  }
  if (!whole) entry["hash"] = hash_of(rows, sources_[kept.source]->dataset());
  return entry;
}

void EditWriter::keep_extras(const KeptEpisode& kept, bool whole) {
  if (extras_.columns.empty()) return;
  const EditSource& source = *sources_[kept.source];
  const std::optional<size_t> row = source.extras_row(kept.episode);
  for (io::Column& column : extras_.columns) {
    const io::Column* from = row ? source.extras().find(column.name) : nullptr;
    // Annotations of a cut episode count frames that are gone.
    const bool taken = from != nullptr && from->kind == column.kind && whole;
    io::append(taken ? io::slice(*from, *row, 1) : nulls_like(column, 1), column);
  }
}

// Lost pictures are named by episode and frames.
void EditWriter::keep_losses(const KeptEpisode& kept, int64_t frames) {
  const io::Table& known = sources_[kept.source]->losses();
  const auto ints = [](const io::Table& table, const char* name) -> const std::vector<int64_t>* {
    const io::Column* column = table.find(name);
    return column != nullptr && column->kind == io::ColumnKind::kInt64 ? &column->ints : nullptr;
  };
  const auto *episode = ints(known, "episode"), *from = ints(known, "from"),
             *to = ints(known, "to");
  if (episode == nullptr || from == nullptr || to == nullptr) return;
  for (size_t row = 0; row < known.rows(); ++row) {
    const int64_t first = std::max<int64_t>((*from)[row] - kept.first, 0);
    const int64_t last = std::min((*to)[row] - kept.first, frames - 1);
    if ((*episode)[row] != kept.episode || last < first) continue;
    io::Table one = io::slice(known, row, 1);
    for (io::Column& column : one.columns) {
      if (column.name == "episode") column.ints = {episodes_};
      if (column.name == "from") column.ints = {first};
      if (column.name == "to") column.ints = {last};
      const bool cut = last - first != (*to)[row] - (*from)[row];
      if (column.name == "count" && cut) column.ints = {std::min(column.ints[0], last - first + 1)};
    }
    if (losses_.columns.empty()) losses_ = io::slice(one, 0, 0);
    for (io::Column& column : losses_.columns) {
      const io::Column* more = one.find(column.name);
      if (more != nullptr) io::append(*more, column);
    }
  }
}

// `rows` are all of the source's episode. Nothing is kept where nobody knows which features are
// state and action.
void EditWriter::keep_identity(const KeptEpisode& kept, const io::Table& rows, bool whole) {
  const EditSource& source = *sources_[kept.source];
  const Dataset& dataset = source.dataset();
  const auto dropped = [&](const std::string& key) {
    return std::ranges::find(edit_.drop, key) != edit_.drop.end();
  };
  const bool same = whole && std::ranges::none_of(dataset.state_keys(), dropped) &&
                    std::ranges::none_of(dataset.action_keys(), dropped);
  std::optional<Recorded> recorded = source.recorded(kept.episode);
  if ((same && !recorded) || !dataset.obstacle().empty()) return;
  if (!recorded) {
    const std::string& stated = source.episode(kept.episode).hash;
    recorded = {.hash = stated.empty() ? hash_of(rows, dataset) : stated,
                .frames = static_cast<int64_t>(rows.rows())};
  }
  const int64_t first = step_at(recorded->from_ns, fps_) + kept.first;
  recorded->from_ns = step_time_ns(first, fps_);
  recorded_[episodes_] = std::move(*recorded);
}

void EditWriter::write_data() {
  if (pending_.empty()) return;
  std::vector<std::string> types;
  for (const io::ParquetColumn& column : columns_) types.push_back(column.type);
  std::vector<std::pair<std::string, std::string>> metadata;
  ordered_json known = ordered_json::parse(sources_[0]->huggingface(), nullptr, false);
  if (known.is_object() && known.contains("info") && known["info"].contains("features")) {
    for (const std::string& name : edit_.drop) known["info"]["features"].erase(name);
    metadata.emplace_back("huggingface", known.dump());
  }
  parquet_->write(file_path(folder_, kDataPath, data_files_), pending_, metadata, types);
  ++data_files_;
  pending_.clear();
  pending_bytes_ = 0;
}

void EditWriter::write_episodes() {
  if (entries_.empty()) return;
  std::vector<std::string> keys;
  std::set<std::string> pictures(images_.begin(), images_.end());
  for (const EditTrack& track : tracks_) {
    keys.push_back(track.key());
    pictures.insert(track.key());
  }
  io::Table table = episodes_table(entries_, keys, episode_files_, pictures);
  for (const io::Column& column : extras_.columns) table.columns.push_back(column);
  const fs::path file = file_path(folder_, kEpisodesPath, episode_files_);
  std::vector<std::string> types(table.columns.size() - extras_.columns.size());
  types.insert(types.end(), extra_types_.begin(), extra_types_.end());
  parquet_->write(file, std::array{table}, {}, types);
  ++episode_files_;
  entries_.clear();
  if (!extras_.columns.empty()) extras_ = io::slice(extras_, 0, 0);
}

ordered_json EditWriter::info() const {
  ordered_json info = sources_[0]->info();
  info["codebase_version"] = kVersion30;
  info["total_episodes"] = episodes_;
  info["total_frames"] = frames_;
  info["total_tasks"] = tasks_.size();
  info["chunks_size"] = kChunkFiles;
  info["data_files_size_in_mb"] = data_file_bytes_ / 1'000'000;
  info["video_files_size_in_mb"] = megabytes(info, "video_files_size_in_mb", 200);
  info["splits"] = {{"train", fmt::format("0:{}", episodes_)}};
  info["data_path"] = kDataPath;
  info["video_path"] = tracks_.empty() ? ordered_json() : ordered_json(kVideoPath);
  for (const char* name : {"total_chunks", "total_videos"}) info.erase(name);
  info["features"] = features_;
  for (const EditTrack& track : tracks_) info["features"][track.key()] = track.feature();
  return info;
}

ordered_json EditWriter::gyre() const {
  const ordered_json& known = sources_[0]->gyre();
  Embodiment embodiment = sources_[0]->dataset().embodiment();
  std::erase_if(embodiment.cameras, [&](const CameraSpec& camera) {
    return !features_.contains(std::string(kImagePrefix) + camera.name) &&
           !features_.contains(camera.name);
  });
  if (edit_.encode && edit_.encode->width > 0) {
    for (CameraSpec& camera : embodiment.cameras) {
      camera.width = edit_.encode->width;
      camera.height = edit_.encode->height;
    }
  }
  // What else Gyre states there counts over all episodes, which are others now.
  return {{"gyre", known.value("gyre", 1)},
          {"contract_hash", embodiment.contract_hash()},
          {"embodiment", nlohmann::json(embodiment)},
          {"episodes", gyre_episodes_}};
}

// Annotations and settings of other programs (modality.json, subtasks.parquet).
void EditWriter::copy_other_meta(EditReport& report) const {
  for (const auto& source : sources_) {
    const fs::path meta = source->folder() / "meta";
    for (const fs::path& name : source->other_meta_files()) {
      const fs::path to = folder_ / "meta" / name;
      if (!fs::exists(to)) {
        std::error_code failed;
        fs::create_directories(to.parent_path(), failed);
        fs::copy_file(meta / name, to, failed);
        if (failed) io::throw_file_error(to, "write", failed.value());
      } else if (io::read_bytes(to) != io::read_bytes(meta / name)) {
        report.notes.push_back(fmt::format("{} is not copied: {} has another one",
                                           (meta / name).string(), sources_[0]->folder().string()));
      }
    }
  }
}

void EditWriter::finish(EditReport& report) {
  if (episodes_ == 0) throw Error(folder_.string(), "no episode is left", "keep at least one");
  write_data();
  for (EditTrack& track : tracks_) {
    track.finish();
    if (track.encoded() > 0) {
      report.notes.push_back(
          fmt::format("{}: {} episodes were encoded anew, for their cut is not at a key frame",
                      track.key(), track.encoded()));
    }
    if (edit_.encode && track.depth()) {
      report.notes.push_back(track.key() + " holds depths and is copied as it is");
    }
  }
  write_episodes();
  write_tasks(*parquet_, folder_ / "meta/tasks.parquet", tasks_);
  ordered_json all;
  for (const auto& [name, part] : stats_.stats()) all[name] = stats_json(part, false);
  for (const auto& [name, part] : picture_stats_) all[name] = stats_json(part, true);
  io::write_atomically(folder_ / "meta/stats.json", all.dump(4));
  if (!sources_[0]->gyre().is_null()) {
    io::write_atomically(folder_ / "meta/gyre.json", gyre().dump(1));
  }
  if (losses_.rows() > 0) parquet_->write(folder_ / kLossesFile, std::array{losses_});
  if (!recorded_.empty()) write_recorded(folder_, *parquet_, recorded_);
  copy_other_meta(report);
  for (const auto& source : sources_) copy_labels(source->folder(), folder_);
  if (stats_.passed_over() > 0) {
    report.notes.push_back(
        fmt::format("{} values with a number that is not finite are left out of the statistics",
                    stats_.passed_over()));
  }
  io::write_atomically(folder_ / "meta/info.json", info().dump(4));
  report.episodes = episodes_;
  report.frames = frames_;
  report.tasks = std::ssize(tasks_);
}

}  // namespace gyre::data
