#include "gyre/data/dataset_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/labels_frames.h"
#include "gyre/io/scratch_folder.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

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

// The two tables of a folder, and questions about them.
class DatasetTables {
 public:
  // Anything that `question` does not name need not be read: the labels, and the verdicts that
  // others' recordings have in their steps.
  DatasetTables(const fs::path& folder, const std::string& question)
      : parquet_(io::Parquet::open()), source_(folder, parquet_), about_(folder.string()) {
    make_steps();
    make_episodes(question.find("success") != std::string::npos);
    if (question.find("labels") != std::string::npos) make_labels();
    // Nothing is written from here on, so rows may come in any order.
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    parquet_->query(fmt::format("SET threads = {}", threads), "DuckDB");
  }

  const Dataset& dataset() const { return source_.dataset(); }

  // From now on SQL opens the tables' files alone.
  void shut_in() const {
    std::string allowed;
    for (const fs::path& file : files_) {
      for (const std::string& path : {file.string(), without_patterns(file.string())}) {
        allowed += (allowed.empty() ? "" : ", ") + sql_text(path);
      }
    }
    parquet_->query("SET allowed_paths = [" + allowed + "]", "DuckDB");
    parquet_->query("SET enable_external_access = false", "DuckDB");
  }

  io::Table ask(const std::string& sql) const {
    try {
      return parquet_->query(sql, "the question");
    } catch (const Error& error) {
      throw Error(first_line(error.what()), "", "docs/data.md lists what can be asked");
    }
  }

 private:
  void make_steps() {
    std::vector<fs::path> files;
    for (const DatasetEpisode& episode : source_.dataset().episodes()) {
      if (episode.missing.empty() && files_.insert(episode.data_file).second) {
        files.push_back(episode.data_file);
      }
    }
    std::string steps = "SELECT *";
    for (const io::ParquetColumn& column : source_.columns()) {
      if (column.name == "observation.state") steps += ", \"observation.state\" AS state";
      judged_by_steps_ |= column.name == "next.success" && column.type == "BOOLEAN";
    }
    parquet_->query("CREATE VIEW steps AS " + steps + " FROM " + io::Parquet::from(files), about_);
  }

  void make_episodes(bool success) {
    io::Table episodes = episodes_of(source_);
    if (source_.gyre().is_null() && judged_by_steps_ && success) {
      judge_by_steps(*parquet_, about_, episodes);
    }
    std::vector<std::string> types(episodes.columns.size());
    for (size_t c = 0; c < source_.extras().columns.size(); ++c) {
      const io::Column& column = source_.extras().columns[c];
      // A row for each episode, in the order of their numbers.
      bool complete = episodes.find(column.name) == nullptr;
      for (const int64_t index : episodes.columns[0].ints)
        complete &= source_.extras_row(index).has_value();
      if (!complete) continue;
      io::Column ordered = io::slice(column, 0, 0);
      for (const int64_t index : episodes.columns[0].ints) {
        io::append(io::slice(column, *source_.extras_row(index), 1), ordered);
      }
      episodes.columns.push_back(std::move(ordered));
      types.push_back(source_.extra_types()[c]);
    }
    const fs::path file = scratch_.path() / "episodes.parquet";
    parquet_->write(file, std::array{episodes}, {}, types);
    files_.insert(file);
    parquet_->query("CREATE VIEW episodes AS SELECT * FROM " + io::Parquet::from({&file, 1}),
                    about_);
  }

  void make_labels() {
    const fs::path file = scratch_.path() / "labels.parquet";
    parquet_->write(file, std::array{labels_table(source_.dataset())});
    files_.insert(file);
    parquet_->query("CREATE VIEW labels AS SELECT * FROM " + io::Parquet::from({&file, 1}), about_);
  }

  std::shared_ptr<const io::Parquet> parquet_;
  EditSource source_;
  std::string about_;
  std::set<fs::path> files_;  // that the tables are made of
  io::ScratchFolder scratch_;
  bool judged_by_steps_ = false;
};

}  // namespace

std::vector<int64_t> filter_episodes(const fs::path& folder, const FilterQuery& query) {
  const std::string question = query.where + " " + query.having;
  const DatasetTables tables(folder, question);
  if (!query.trusted) {
    if (question.find(';') != std::string::npos) {
      throw Error("the question", "must be one condition", "leave the ';' out");
    }
    tables.shut_in();
  }
  std::string sql = "SELECT episode_index FROM episodes WHERE true";
  if (!query.where.empty()) sql += " AND (" + query.where + "\n)";
  if (!query.having.empty()) {
    sql +=
        " AND episode_index IN (SELECT episode_index FROM steps GROUP BY episode_index HAVING (" +
        query.having + "\n))";
  }
  const io::Table found = tables.ask(sql + " ORDER BY 1");
  if (found.columns.size() != 1 || found.columns[0].kind != io::ColumnKind::kInt64) {
    throw Error("the question", "must be one condition");
  }
  return found.columns[0].ints;
}

std::vector<std::vector<float>> weigh_steps(const fs::path& folder, const std::string& number) {
  const DatasetTables tables(folder, number);
  const io::Table found = tables.ask(
      "SELECT episode_index, CAST((" + number +
      "\n) AS DOUBLE) FROM steps JOIN (SELECT * RENAME (episode_index AS episode__) FROM episodes) "
      "ON episode_index = episode__ ORDER BY episode_index, frame_index");
  if (found.columns.size() != 2) throw Error("the question", "must be one number");
  std::vector<std::vector<float>> weights;
  size_t row = 0;
  for (const DatasetEpisode& episode : tables.dataset().episodes()) {
    std::vector<float>& of_episode = weights.emplace_back();
    for (; row < found.rows() && found.columns[0].ints[row] == episode.index; ++row) {
      const double weight = found.columns[1].is_null(row) ? -1 : found.columns[1].doubles[row];
      if (!(weight >= 0)) {
        throw Error(number, fmt::format("is no number from 0 up at episode {}, frame {}",
                                        episode.index, of_episode.size()));
      }
      of_episode.push_back(static_cast<float>(weight));
    }
  }
  return weights;
}

}  // namespace gyre::data
