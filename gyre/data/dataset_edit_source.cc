#include "gyre/data/dataset_edit_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/data/dataset_info.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int64_t kWindowBytes = 32'000'000;  // of a file that are read together
constexpr int64_t kWindowRows = 65'536;

ordered_json read_ordered(const fs::path& file) {
  try {
    return ordered_json::parse(io::read_text(file));
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(), fmt::format("broken JSON ({})", error.what()),
                "it may be truncated; fetch or write it again");
  }
}

// io::Table reads numbers, text, lists and structs.
bool needs_text(const std::string& type) {
  static constexpr std::array kWords = {"TIME",     "DATE",    "DECIMAL",  "HUGEINT",
                                        "UHUGEINT", "UBIGINT", "INTERVAL", "UUID"};
  return !type.ends_with("]") && std::any_of(kWords.begin(), kWords.end(), [&](const char* word) {
    return type.starts_with(word);
  });
}

// What LeRobotDataset v3.0 says of an episode; the writer says it anew.
bool is_defined(const std::string& column) {
  for (const char* group : {"data/", "videos/", "stats/", "meta/"}) {
    if (column.starts_with(group)) return true;
  }
  for (const char* name :
       {"episode_index", "tasks", "length", "dataset_from_index", "dataset_to_index"}) {
    if (column == name) return true;
  }
  return false;
}

// Numbers of a list that may be nested, as pictures' statistics are.
void collect_leaves(const io::Column& column, size_t first, size_t last, std::vector<double>& to) {
  if (column.kind == io::ColumnKind::kList) {
    for (size_t row = first; row < last; ++row) {
      const auto [begin, end] = column.items(row);
      collect_leaves(column.children[0], begin, end, to);
    }
    return;
  }
  for (size_t row = first; row < last; ++row) {
    if (column.kind == io::ColumnKind::kDouble) to.push_back(column.doubles[row]);
    if (column.kind == io::ColumnKind::kFloat) to.push_back(column.floats[row]);
    if (column.kind == io::ColumnKind::kInt64) {
      to.push_back(static_cast<double>(column.ints[row]));
    }
  }
}

std::vector<double>* part_of(Stats& stats, const std::string& part) {
  const std::pair<const char*, std::vector<double>*> parts[] = {
      {"min", &stats.min}, {"max", &stats.max}, {"mean", &stats.mean},
      {"std", &stats.std}, {"q01", &stats.q01}, {"q10", &stats.q10},
      {"q50", &stats.q50}, {"q90", &stats.q90}, {"q99", &stats.q99}};
  for (const auto& [name, values] : parts) {
    if (part == name) return values;
  }
  return nullptr;
}

void collect_leaves(const nlohmann::json& value, std::vector<double>& to) {
  if (value.is_number()) to.push_back(value.get<double>());
  if (value.is_array()) {
    for (const nlohmann::json& inner : value) collect_leaves(inner, to);
  }
}

Stats stats_of_json(const nlohmann::json& json) {
  Stats stats;
  if (!json.is_object()) return stats;
  for (const auto& [part, value] : json.items()) {
    std::vector<double> values;
    collect_leaves(value, values);
    if (part == "count" && !values.empty()) stats.count = static_cast<int64_t>(values[0]);
    if (std::vector<double>* to = part_of(stats, part); to != nullptr) *to = std::move(values);
  }
  return stats;
}

bool usable(const Stats& stats) {
  const size_t dim = stats.mean.size();
  return dim > 0 && stats.count > 0 && stats.min.size() == dim && stats.max.size() == dim &&
         stats.std.size() == dim;
}

}  // namespace

std::string sql_name(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += c;
    result += c;
  }
  return result + "\"";
}

EditSource::EditSource(const fs::path& folder, std::shared_ptr<const io::Parquet> parquet)
    : dataset_(folder, {.keys = {}, .inspect = true}),
      parquet_(std::move(parquet)),
      rows_parquet_(io::Parquet::open()) {
  if (!dataset_.damage().empty()) throw Error("", dataset_.damage());
  const fs::path meta = folder / "meta";
  // Files are opened again for each window of rows.
  rows_parquet_->query("SET parquet_metadata_cache = true", "DuckDB");
  info_ = read_ordered(meta / "info.json");
  if (fs::exists(meta / "gyre.json")) gyre_ = read_ordered(meta / "gyre.json");
  for (const auto& [name, feature] : features().items()) {
    const std::string dtype = feature.at("dtype");
    if (dtype == "video") videos_.push_back(name);
    if (dtype == "video" || dtype == "image") pictures_.insert(name);
  }
  fs::path tried;
  for (const DatasetEpisode& episode : dataset_.episodes()) {
    file_rows_[episode.data_file] += episode.length;
    if (!columns_.empty() || !fs::exists(episode.data_file) || tried == episode.data_file) continue;
    tried = episode.data_file;
    try {
      columns_ = parquet_->columns(episode.data_file);
    } catch (const Error& error) {
      broken_ = error.what();  // told when rows of it are asked for
    }
  }
  read_tasks();
  if (fs::exists(meta / "gyre_losses.parquet")) {
    losses_ = parquet_->read(meta / "gyre_losses.parquet");
  }
  recorded_ = read_recorded(folder, *parquet_);
  if (dataset_.version() == kVersion30) {
    read_episodes_v30();
  } else {
    read_episodes_v2();
  }
}

void EditSource::read_tasks() {
  const fs::path meta = folder() / "meta";
  if (fs::exists(meta / "tasks.parquet")) {
    const io::Table table = parquet_->read(meta / "tasks.parquet");
    const io::Column *number = table.find("task_index"), *words = table.find("task");
    if (words == nullptr) words = table.find("__index_level_0__");
    if (number == nullptr || words == nullptr) return;
    for (size_t i = 0; i < table.rows(); ++i) tasks_[number->ints[i]] = words->strings[i];
    return;
  }
  if (!fs::exists(meta / "tasks.jsonl")) return;
  std::istringstream lines(io::read_text(meta / "tasks.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (entry.is_object() && entry.contains("task_index") && entry.contains("task")) {
      tasks_[entry["task_index"].get<int64_t>()] = entry["task"].get<std::string>();
    }
  }
}

void EditSource::read_episodes_v30() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(
           folder() / "meta" / "episodes", fs::directory_options::follow_directory_symlink)) {
    if (entry.path().extension() == ".parquet" &&
        !entry.path().filename().string().starts_with(".")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> wanted = {"episode_index"}, extra;
  for (const io::ParquetColumn& column : parquet_->columns(files.at(0))) {
    if (!is_defined(column.name)) {
      extra.push_back(column.name);
      extra_types_.push_back(column.type);
    }
    for (const std::string& feature : pictures_) {
      if (column.name.starts_with("stats/" + feature + "/")) wanted.push_back(column.name);
    }
  }
  std::string names;
  for (const std::string& name : wanted) names += (names.empty() ? "" : ", ") + sql_name(name);
  for (size_t i = 0; i < extra.size(); ++i) {
    const std::string name = sql_name(extra[i]);
    names += needs_text(extra_types_[i]) ? fmt::format(", CAST({0} AS VARCHAR) AS {0}", name)
                                         : ", " + name;
  }
  io::Table table = parquet_->query("SELECT " + names + " FROM " + io::Parquet::from(files),
                                    (folder() / "meta").string());
  const std::vector<int64_t>& index = table.columns[0].ints;
  for (size_t row = 0; row < table.rows(); ++row) {
    extras_rows_[index[row]] = row;
    for (size_t c = 1; c < wanted.size(); ++c) {
      const std::string& name = wanted[c];
      const size_t slash = name.rfind('/');
      Stats& stats = picture_stats_[index[row]][name.substr(6, slash - 6)];
      std::vector<double> values;
      if (!table.columns[c].is_null(row)) collect_leaves(table.columns[c], row, row + 1, values);
      const std::string part = name.substr(slash + 1);
      if (part == "count" && !values.empty()) stats.count = static_cast<int64_t>(values[0]);
      if (std::vector<double>* to = part_of(stats, part); to != nullptr) *to = std::move(values);
    }
  }
  table.columns.erase(table.columns.begin(),
                      table.columns.begin() + static_cast<std::ptrdiff_t>(wanted.size()));
  extras_ = std::move(table);
}

void EditSource::read_episodes_v2() {
  const fs::path file = folder() / "meta" / "episodes_stats.jsonl";
  if (!fs::exists(file)) return;
  std::istringstream lines(io::read_text(file));
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (!entry.is_object() || !entry.contains("episode_index") || !entry.contains("stats"))
      continue;
    for (const auto& [feature, stats] : entry["stats"].items()) {
      if (pictures_.contains(feature)) {
        picture_stats_[entry["episode_index"].get<int64_t>()][feature] = stats_of_json(stats);
      }
    }
  }
}

const ordered_json* EditSource::gyre_entry(int64_t index) const {
  if (!gyre_.is_object()) return nullptr;
  const ordered_json& entries = gyre_.at("episodes");
  return index >= 0 && static_cast<size_t>(index) < entries.size()
             ? &entries[static_cast<size_t>(index)]
             : nullptr;
}

std::string why_missing(const DatasetEpisode& episode) { return episode.missing; }

void throw_missing(const EditSource& source, const DatasetEpisode& episode) {
  throw Error(fmt::format("{}: episode {}", source.folder().string(), episode.index),
              why_missing(episode), "fetch it, or leave the episode out");
}

const DatasetEpisode& EditSource::episode(int64_t index) const {
  const std::vector<DatasetEpisode>& all = dataset_.episodes();
  const auto found = std::lower_bound(all.begin(), all.end(), index,
                                      [](const auto& e, int64_t i) { return e.index < i; });
  if (found == all.end() || found->index != index) {
    throw Error(folder().string(), fmt::format("has no episode {}", index),
                all.empty() ? ""
                            : fmt::format("its episodes are {} to {}", all.front().index,
                                          all.back().index));
  }
  return *found;
}

void EditSource::only_numbers() {
  std::erase_if(columns_, [](const io::ParquetColumn& column) {
    std::string type = column.type;
    if (type.ends_with("[]")) type.resize(type.size() - 2);
    static constexpr std::array kNumbers = {"BOOLEAN", "TINYINT",  "SMALLINT",  "INTEGER",
                                            "BIGINT",  "UTINYINT", "USMALLINT", "UINTEGER",
                                            "FLOAT",   "DOUBLE"};
    return std::find(kNumbers.begin(), kNumbers.end(), type) == kNumbers.end();
  });
}

std::string EditSource::huggingface() const {
  for (const DatasetEpisode& episode : dataset_.episodes()) {
    if (!episode.missing.empty()) continue;
    return parquet_->metadata(episode.data_file, "huggingface");
  }
  return "";
}

io::Table EditSource::read(const fs::path& file, const std::string& where) const {
  if (columns_.empty()) throw Error("", broken_);
  std::string names;
  for (const io::ParquetColumn& column : columns_) {
    if (!names.empty()) names += ", ";
    names += needs_text(column.type)
                 ? fmt::format("CAST({0} AS VARCHAR) AS {0}", sql_name(column.name))
                 : fmt::format("CAST({0} AS {1}) AS {0}", sql_name(column.name), column.type);
  }
  return rows_parquet_->query(
      "SELECT " + names + " FROM " + io::Parquet::from(std::array{file}) + where, file.string());
}

io::Table EditSource::rows(const DatasetEpisode& episode) const {
  if (!episode.missing.empty()) {
    throw_missing(*this, episode);
  }
  // In v2.x each episode has a file of its own, whatever number it says.
  if (dataset_.version() != kVersion30) return read(episode.data_file, "");
  const bool known = window_.file == episode.data_file && episode.index >= window_.first &&
                     episode.index <= window_.last;
  if (!known) {
    const int64_t file_rows = std::max<int64_t>(file_rows_.at(episode.data_file), 1);
    const auto bytes = static_cast<int64_t>(fs::file_size(episode.data_file));
    const int64_t most =
        std::min(kWindowRows, kWindowBytes / std::max<int64_t>(bytes / file_rows, 1));
    window_ = {
        .file = episode.data_file, .first = episode.index, .last = episode.index, .table = {}};
    int64_t rows = episode.length;
    const std::vector<DatasetEpisode>& all = dataset_.episodes();
    for (auto next = std::upper_bound(all.begin(), all.end(), episode.index,
                                      [](int64_t i, const auto& e) { return i < e.index; });
         next != all.end() && next->data_file == episode.data_file &&
         (rows += next->length) <= most;
         ++next) {
      window_.last = next->index;
    }
    window_.table = read(episode.data_file, fmt::format(" WHERE episode_index BETWEEN {} AND {}",
                                                        window_.first, window_.last));
  }
  const io::Column* index = window_.table.find("episode_index");
  if (index == nullptr || index->kind != io::ColumnKind::kInt64) {
    throw Error(episode.data_file.string(), "episode_index has not LeRobot's type");
  }
  const auto [first, last] =
      std::equal_range(index->ints.begin(), index->ints.end(), episode.index);
  return io::slice(window_.table, static_cast<size_t>(first - index->ints.begin()),
                   static_cast<size_t>(last - first));
}

std::optional<Stats> EditSource::picture_stats(int64_t episode, const std::string& feature) const {
  const auto found = picture_stats_.find(episode);
  if (found == picture_stats_.end()) return std::nullopt;
  const auto stats = found->second.find(feature);
  if (stats == found->second.end() || !usable(stats->second)) return std::nullopt;
  return stats->second;
}

std::optional<size_t> EditSource::extras_row(int64_t episode) const {
  const auto found = extras_rows_.find(episode);
  return found == extras_rows_.end() || extras_.columns.empty() ? std::nullopt
                                                                : std::optional(found->second);
}

std::optional<Recorded> EditSource::recorded(int64_t episode) const {
  const auto found = recorded_.find(episode);
  return found == recorded_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<fs::path> EditSource::other_meta_files() const {
  static constexpr std::array kDefined = {
      "info.json",           "stats.json",           "tasks.parquet",        "gyre.json",
      "tasks.jsonl",         "episodes.jsonl",       "episodes_stats.jsonl", "gyre_history.json",
      "gyre_losses.parquet", "gyre_recorded.parquet"};
  std::vector<fs::path> files;
  const fs::path meta = folder() / "meta";
  for (const auto& entry : fs::recursive_directory_iterator(meta)) {
    const fs::path name = fs::relative(entry.path(), meta);
    const bool defined =
        std::find(kDefined.begin(), kDefined.end(), name.string()) != kDefined.end();
    if (entry.is_regular_file() && !defined && *name.begin() != "episodes" &&
        !name.filename().string().starts_with(".")) {
      files.push_back(name);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace gyre::data
