#include "gyre/data/dataset_filter.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <set>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

// A folder for the table of episodes, as long as the question takes.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "gyre_filter_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) io::throw_file_error(pattern, "create", errno);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

io::Table episodes_of(const EditSource& source) {
  const std::vector<DatasetEpisode>& episodes = source.dataset().episodes();
  const double fps = source.info().at("fps").get<double>();
  const size_t n = episodes.size();
  std::vector<int64_t> index, length, seed;
  std::vector<double> seconds;
  std::vector<std::string> task, task_name, family;
  std::vector<uint8_t> success, unjudged;
  io::Column tasks = io::list_column("tasks", io::string_column("", {}), 0, n);
  for (size_t i = 0; i < n; ++i) {
    const DatasetEpisode& e = episodes[i];
    index.push_back(e.index);
    length.push_back(e.length);
    seconds.push_back(static_cast<double>(e.length) / fps);
    task.push_back(e.tasks.empty() ? "" : e.tasks[0]);
    tasks.children[0].strings.insert(tasks.children[0].strings.end(), e.tasks.begin(),
                                     e.tasks.end());
    tasks.ends[i] = std::ssize(tasks.children[0].strings);
    success.push_back(e.success.value_or(false));
    unjudged.push_back(!e.success.has_value());
    task_name.push_back(e.task_name);
    family.push_back(e.family);
    seed.push_back(static_cast<int64_t>(e.seed));
  }
  io::Table table{
      {io::int_column("episode_index", std::move(index)),
       io::int_column("length", std::move(length)),
       io::double_column("seconds", std::move(seconds)), io::string_column("task", std::move(task)),
       std::move(tasks), io::bool_column("success", std::move(success)),
       io::string_column("task_name", std::move(task_name)),
       io::string_column("family", std::move(family)), io::int_column("seed", std::move(seed))}};
  table.columns[5].nulls = std::move(unjudged);
  return table;
}

// The first of several lines: DuckDB draws the place of the fault below it.
std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find("LINE 1:"));
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0)
    line.pop_back();
  return line;
}

// Of others' recordings the steps say whether the episode succeeded.
void judge_by_steps(const io::Parquet& parquet, const std::string& about, io::Table& episodes) {
  const io::Table judged = parquet.query(
      "SELECT episode_index, bool_or(\"next.success\") FROM steps GROUP BY 1 ORDER BY 1", about);
  io::Column& success = episodes.columns[5];
  const std::vector<int64_t>&index = episodes.columns[0].ints, &known = judged.columns[0].ints;
  for (size_t i = 0, k = 0; i < index.size(); ++i) {
    while (k < known.size() && known[k] < index[i]) ++k;
    if (k == known.size() || known[k] != index[i]) continue;
    success.bools[i] = judged.columns[1].bools[k];
    success.nulls[i] = judged.columns[1].is_null(k);
  }
}

std::string sql_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// A path as io::Parquet::from() gives it to DuckDB, which takes some letters for patterns.
std::string without_patterns(const std::string& path) {
  std::string plain;
  for (const char c : path) {
    const bool pattern = c == '[' || c == '*' || c == '?';
    plain += pattern ? fmt::format("[{}]", c) : std::string(1, c);
  }
  return plain;
}

// From now on SQL opens these files alone.
void shut_in(const io::Parquet& parquet, const std::set<fs::path>& files) {
  std::string allowed;
  for (const fs::path& file : files) {
    for (const std::string& path : {file.string(), without_patterns(file.string())}) {
      allowed += (allowed.empty() ? "" : ", ") + sql_text(path);
    }
  }
  parquet.query("SET allowed_paths = [" + allowed + "]", "DuckDB");
  parquet.query("SET enable_external_access = false", "DuckDB");
}

}  // namespace

std::vector<int64_t> filter_episodes(const fs::path& folder, const FilterQuery& query) {
  const std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  const EditSource source(folder, parquet);
  std::vector<fs::path> files;
  std::set<fs::path> known;
  for (const DatasetEpisode& episode : source.dataset().episodes()) {
    if (episode.missing.empty() && known.insert(episode.data_file).second) {
      files.push_back(episode.data_file);
    }
  }
  std::string steps = "SELECT *";
  bool judged_by_steps = false;
  for (const io::ParquetColumn& column : source.columns()) {
    if (column.name == "observation.state") steps += ", \"observation.state\" AS state";
    judged_by_steps |= column.name == "next.success" && column.type == "BOOLEAN";
  }
  const std::string about = folder.string();
  parquet->query("CREATE VIEW steps AS " + steps + " FROM " + io::Parquet::from(files), about);
  const ScratchFolder scratch;
  io::Table episodes = episodes_of(source);
  if (source.gyre().is_null() && judged_by_steps &&
      query.where.find("success") != std::string::npos) {
    judge_by_steps(*parquet, about, episodes);
  }
  std::vector<std::string> types(episodes.columns.size());
  for (size_t c = 0; c < source.extras().columns.size(); ++c) {
    const io::Column& column = source.extras().columns[c];
    // A row for each episode, in the order of their numbers.
    bool complete = episodes.find(column.name) == nullptr;
    for (const int64_t index : episodes.columns[0].ints)
      complete &= source.extras_row(index).has_value();
    if (!complete) continue;
    io::Column ordered = io::slice(column, 0, 0);
    for (const int64_t index : episodes.columns[0].ints) {
      io::append(io::slice(column, *source.extras_row(index), 1), ordered);
    }
    episodes.columns.push_back(std::move(ordered));
    types.push_back(source.extra_types()[c]);
  }
  const fs::path file = scratch.path() / "episodes.parquet";
  parquet->write(file, std::array{episodes}, {}, types);
  parquet->query("CREATE VIEW episodes AS SELECT * FROM " + io::Parquet::from({&file, 1}), about);
  if ((query.where + query.having).find(';') != std::string::npos) {
    throw Error("the question", "must be one condition", "leave the ';' out");
  }
  known.insert(file);
  shut_in(*parquet, known);
  // Nothing is written from here on, so rows may come in any order.
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  parquet->query(fmt::format("SET threads = {}", threads), "DuckDB");
  std::string sql = "SELECT episode_index FROM episodes WHERE true";
  if (!query.where.empty()) sql += " AND (" + query.where + "\n)";
  if (!query.having.empty()) {
    sql +=
        " AND episode_index IN (SELECT episode_index FROM steps GROUP BY episode_index HAVING (" +
        query.having + "\n))";
  }
  try {
    const io::Table found = parquet->query(sql + " ORDER BY 1", "the question");
    if (found.columns.size() != 1 || found.columns[0].kind != io::ColumnKind::kInt64) {
      throw Error("the question", "must be one condition");
    }
    return found.columns[0].ints;
  } catch (const Error& error) {
    throw Error(first_line(error.what()), "", "docs/data.md lists what can be asked");
  }
}

}  // namespace gyre::data
