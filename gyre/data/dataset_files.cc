#include "gyre/data/dataset_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kLargestHeld = 64'000'000;  // bytes on disk
constexpr const char* kEpisodeColumn = "episode_index";

}  // namespace

struct DataFiles::File {
  // Where an episode's rows are, when they lie side by side.
  struct Span {
    size_t first = 0, count = 0;
  };

  fs::path path;
  std::vector<std::string> columns;       // that are read of it
  std::optional<io::Table> table;         // the whole file, unless it is too large
  std::map<int64_t, Span> spans;          // of the table
  bool numbered = false;                  // it has a column of episodes
  std::vector<std::string> wanted_names;  // what it was opened for
};

DataFiles::DataFiles(std::shared_ptr<const io::Parquet> parquet, std::map<fs::path, int64_t> rows,
                     bool one_episode_a_file, Notices tell)
    : parquet_(std::move(parquet)),
      rows_(std::move(rows)),
      one_episode_a_file_(one_episode_a_file),
      tell_(std::move(tell)) {}

DataFiles::~DataFiles() = default;

std::shared_ptr<const DataFiles::File> DataFiles::open(const fs::path& path,
                                                       const std::vector<Wanted>& wanted) const {
  auto file = std::make_shared<File>();
  file->path = path;
  const std::vector<io::ParquetColumn> there = parquet_->columns(path);
  for (const Wanted& each : wanted) {
    file->wanted_names.push_back(each.name);
    const auto found = std::find_if(there.begin(), there.end(),
                                    [&](const auto& column) { return column.name == each.name; });
    if (found == there.end() && each.required) {
      std::vector<std::string> names;
      for (const io::ParquetColumn& column : there) names.push_back(column.name);
      throw Error(
          path.string(), fmt::format("it has no column '{}'", each.name),
          fmt::format("meta/info.json says that it has; there are {}", fmt::join(names, ", ")));
    }
    if (found == there.end()) continue;
    if (found->is_read()) {
      file->columns.push_back(each.name);
    } else if (each.required) {
      throw Error(
          path.string(),
          fmt::format("column '{}' is of type {}, which is not read", each.name, found->type),
          "store numbers, text, lists or structs");
    } else {
      tell_(fmt::format("column '{}' is passed over: its type {} is not read", each.name,
                        found->type));
    }
  }
  file->numbered = std::any_of(there.begin(), there.end(), [](const auto& column) {
    return column.name == kEpisodeColumn && column.is_read();
  });
  if (!file->numbered && !one_episode_a_file_) {
    throw Error(path.string(), "it has no column 'episode_index'", "fetch or write it again");
  }
  std::error_code unknown;
  if (fs::file_size(path, unknown) > kLargestHeld || unknown) return file;
  std::vector<std::string> columns = file->columns;
  if (file->numbered) columns.emplace_back(kEpisodeColumn);
  const auto stated = rows_.find(path);
  const int64_t most = stated == rows_.end() ? 0 : stated->second;
  io::Table table = parquet_->read(path, columns, std::nullopt, most + 1);
  if (static_cast<int64_t>(table.rows()) > most) return file;  // more than meta/ says
  if (!file->numbered) {
    file->table = std::move(table);
    return file;
  }
  const ColumnNumbers episodes(table.columns.back());
  bool apart = false;
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto [span, is_new] = file->spans.try_emplace(
        episodes.is_null(row) ? -1 : episodes.whole(row), File::Span{row, 0});
    apart = apart || span->second.first + span->second.count != row;
    ++span->second.count;
  }
  if (!apart) file->table = std::move(table);
  return file;
}

io::Table DataFiles::rows(const fs::path& path, int64_t episode, int64_t length,
                          const std::vector<Wanted>& wanted) const {
  std::shared_ptr<const File> file;
  {
    const std::lock_guard lock(mutex_);
    const bool same = last_ != nullptr && last_->path == path &&
                      std::equal(wanted.begin(), wanted.end(), last_->wanted_names.begin(),
                                 last_->wanted_names.end(),
                                 [](const Wanted& a, const std::string& b) { return a.name == b; });
    if (!same) {
      try {
        last_ = open(path, wanted);
      } catch (const Error& error) {
        const std::string text = error.what();
        const bool named = text.find(path.string()) != std::string::npos;
        throw Error(named ? "" : path.string(), text);
      }
    }
    file = last_;
  }
  if (!file->table) {
    const auto filter = file->numbered
                            ? std::optional(io::Parquet::RowFilter{kEpisodeColumn, episode})
                            : std::nullopt;
    return parquet_->read(path, file->columns, filter, length + 1);
  }
  if (!file->numbered) return *file->table;
  const auto span = file->spans.find(episode);
  if (span == file->spans.end()) return io::slice(*file->table, 0, 0);
  return io::slice(*file->table, span->second.first, span->second.count);
}

}  // namespace gyre::data
