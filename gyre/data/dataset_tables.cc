#include "gyre/data/dataset_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/dataset_info.h"

namespace gyre::data {

using nlohmann::ordered_json;

io::Table episodes_table(std::span<const EpisodeEntry> rows, std::span<const std::string> keys,
                         int64_t file, const std::set<std::string>& pictures) {
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
  for (size_t c = 0; c < keys.size(); ++c) {
    const std::string key = "videos/" + keys[c] + "/";
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
  std::map<std::string, size_t> features;  // with their width
  for (const EpisodeEntry& row : rows) {
    for (const auto& [feature, stats] : row.stats) features.try_emplace(feature, stats.dim());
  }
  for (const auto& [feature, dim] : features) {
    const bool nested = feature.starts_with(kImagePrefix) || pictures.contains(feature);
    // A list for each row whose values are there; `get` gives them.
    const auto lists = [&](const std::string& part, const io::Column& items, auto&& get) {
      io::Column column = io::list_column(fmt::format("stats/{}/{}", feature, part), items, 0, n);
      column.nulls.assign(n, 0);
      size_t count = 0;
      for (size_t i = 0; i < n; ++i) {
        const auto stats = rows[i].stats.find(feature);
        const size_t size = stats == rows[i].stats.end() ? 0 : get(stats->second);
        column.nulls[i] = size == 0;
        column.ends[i] = static_cast<int64_t>(count += size);
      }
      const bool all = std::count(column.nulls.begin(), column.nulls.end(), 1) == 0;
      if (all) column.nulls.clear();
      if (count > 0) add(std::move(column));
    };
    for (const auto& [part, member] : parts) {
      std::vector<double> values;
      for (const EpisodeEntry& row : rows) {
        const auto stats = row.stats.find(feature);
        if (stats == row.stats.end() || (stats->second.*member).size() != dim) continue;
        values.insert(values.end(), (stats->second.*member).begin(), (stats->second.*member).end());
      }
      const size_t count = values.size();
      io::Column items = io::double_column("", std::move(values));
      if (nested) {  // [3][1][1]
        items = io::list_column("", std::move(items), 1, count);
        items = io::list_column("", std::move(items), 1, count);
      }
      lists(part, items,
            [&, m = member](const Stats& stats) { return (stats.*m).size() == dim ? dim : 0; });
    }
    std::vector<int64_t> counts;
    for (const EpisodeEntry& row : rows) {
      const auto stats = row.stats.find(feature);
      if (stats != row.stats.end()) counts.push_back(stats->second.count);
    }
    lists("count", io::int_column("", std::move(counts)), [](const Stats&) { return size_t{1}; });
  }
  add(ints("meta/episodes/chunk_index", [&](const EpisodeEntry&) { return file / kChunkFiles; }));
  add(ints("meta/episodes/file_index", [&](const EpisodeEntry&) { return file % kChunkFiles; }));
  return table;
}

void write_tasks(const io::Parquet& parquet, const std::filesystem::path& file,
                 const std::vector<std::string>& tasks) {
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
  parquet.write(file, std::array{table}, {{"pandas", pandas.dump()}});
}

void write_losses_table(const io::Parquet& parquet, const std::filesystem::path& file,
                        const std::vector<EpisodeLoss>& losses) {
  std::vector<int64_t> episode, from, to, count;
  std::vector<std::string> camera, reason;
  for (const EpisodeLoss& entry : losses) {
    episode.push_back(entry.episode);
    camera.push_back(entry.loss.camera);
    from.push_back(entry.loss.from);
    to.push_back(entry.loss.to);
    count.push_back(entry.loss.count);
    reason.push_back(entry.loss.reason);
  }
  const io::Table table{
      {io::int_column("episode", std::move(episode)),
       io::string_column("camera", std::move(camera)), io::int_column("from", std::move(from)),
       io::int_column("to", std::move(to)), io::int_column("count", std::move(count)),
       io::string_column("reason", std::move(reason))}};
  parquet.write(file, std::array{table});
}

std::vector<EpisodeLoss> read_losses_table(const io::Parquet& parquet,
                                           const std::filesystem::path& file) {
  const io::Table table =
      parquet.read(file, {"episode", "camera", "from", "to", "count", "reason"});
  const auto& c = table.columns;
  for (const size_t i : {0, 1, 2, 3, 4, 5}) {
    const bool text = i == 1 || i == 5;
    if (c[i].kind != (text ? io::ColumnKind::kString : io::ColumnKind::kInt64)) {
      throw Error(file.string(), "column '" + c[i].name + "' has another type",
                  "it is not as Gyre wrote it");
    }
  }
  std::vector<EpisodeLoss> losses;
  for (size_t i = 0; i < table.rows(); ++i) {
    losses.push_back({c[0].ints[i],
                      {.camera = c[1].strings[i],
                       .from = c[2].ints[i],
                       .to = c[3].ints[i],
                       .count = c[4].ints[i],
                       .reason = c[5].strings[i]}});
  }
  return losses;
}

}  // namespace gyre::data
