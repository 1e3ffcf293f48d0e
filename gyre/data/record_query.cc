#include "gyre/data/record_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_tables.h"
#include "gyre/data/labels.h"
#include "gyre/data/recorded.h"
#include "gyre/io/row_table.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

// Rows in memory before they go to a file.
constexpr size_t kMostBytes = size_t{256} << 20;

size_t memory_of(const io::Table& table) {
  size_t sum = 0;
  for (const io::Column& column : table.columns) sum += column.bytes();
  return sum;
}

using DatasetRows =
    io::RowTable<int64_t, std::string, std::string, int64_t, std::string, double, int64_t, double,
                 std::string, std::string, std::string, std::string, int64_t, Maybe<bool>>;
constexpr std::array kDatasetColumns = {
    "episode", "dataset",    "dataset_hash", "episode_index", "recorded_hash", "from_s", "frames",
    "seconds", "embodiment", "task",         "task_name",     "family",        "seed",   "success"};

using LabelRows = io::RowTable<std::string, std::string, std::string, std::string, std::string,
                               std::string, std::string, std::string, Maybe<double>, Maybe<double>,
                               Maybe<double>, Maybe<std::string>>;
constexpr std::array kLabelColumns = {"stream",  "name",    "type",  "author",
                                      "kind",    "version", "made",  "recorded_hash",
                                      "begin_s", "end_s",   "value", "text"};

std::string text_in_sql(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
  return result + "'";
}

// "SELECT a, make_timestamp(time_ns // 1000) AS time FROM ...": Unix nanoseconds become times.
std::string with_times(const io::Table& table, const std::string& from) {
  std::string columns;
  for (const io::Column& column : table.columns) {
    const bool time = column.name == "time_ns";
    columns += columns.empty() ? "" : ", ";
    columns += time ? fmt::format("make_timestamp(\"{}\" // 1000) AS \"{}\"", column.name,
                                  column.name.substr(0, column.name.size() - 3))
                    : fmt::format("\"{}\"", column.name);
  }
  return fmt::format("SELECT {} FROM {}", columns, from);
}

}  // namespace

RecordQuery::RecordQuery() : parquet_(io::Parquet::open()) {}

fs::path RecordQuery::put(const std::string& name, const io::Table& table) {
  std::vector<fs::path>& files = files_[name];
  fs::path file = scratch_.path() / fmt::format("{}_{}.parquet", name, files.size());
  parquet_->write(file, {&table, 1});
  files.push_back(file);
  return file;
}

void RecordQuery::add_table(const std::string& name, const io::Table& table) {
  const fs::path file = put(name, table);
  add_view(name, with_times(table, io::Parquet::from({&file, 1})));
}

void RecordQuery::add_view(const std::string& name, const std::string& sql) {
  parquet_->query(fmt::format("CREATE VIEW {} AS {}", name, sql), "the view " + name);
  views_.push_back(name);
}

void RecordQuery::add_journal(const fs::path& journal, const Progress& progress,
                              const std::function<bool()>& stop) {
  const auto files =
      fs::is_directory(journal) ? std::ssize(journal_files(journal)) : std::ptrdiff_t{1};
  JournalReader reader(journal, {.pixels = Pixels::kNone});
  const auto begin = [&] { return std::make_unique<JournalTables>(journal.string(), episodes_); };
  std::unique_ptr<JournalTables> tables = begin();
  const auto end = [&] {
    tables->finish();
    episodes_ = tables->next_episode();
    put("journal_episodes", tables->episodes());
    put("journal_steps", tables->steps());
    put("journal_events", tables->events());
    put("journal_requests", tables->requests());
  };
  fs::path file;
  int64_t done = 0;
  for (Record record; reader.next(record);) {
    if (stop && stop()) throw Interrupted("data ask", "was interrupted", "ask it again");
    if (reader.file() != file) {
      file = reader.file();
      if (progress) progress(done, files);
      ++done;
    }
    if (record.kind == RecordKind::kHeader && memory_of(tables->steps()) > kMostBytes) {
      end();
      tables = begin();
    }
    tables->take(record, reader.unix_ns());
  }
  end();
  if (fs::is_directory(journal)) add_labels(journal);
}

// A stream that lies beside several folders is one.
void RecordQuery::add_labels(const fs::path& folder) {
  const Labels labels(folder);
  const auto seconds = [](const Maybe<int64_t>& ns) {
    return ns ? Maybe<double>(static_cast<double>(*ns) * 1e-9) : std::nullopt;
  };
  for (const LabelStream& stream : labels.streams()) {
    if (!streams_.insert(stream.hash).second) continue;
    LabelRows rows(kLabelColumns);
    const LabelHead& head = stream.head;
    for (const Label& label : labels.read(stream)) {
      rows.add(stream.hash, head.name, label_type_word(head.type), head.author, head.kind,
               head.version, head.time, label.recorded, seconds(label.begin_ns),
               seconds(label.end_ns), label.value, label.text);
    }
    put("labels", rows.table());
  }
}

void RecordQuery::add_dataset(const fs::path& folder) {
  const Dataset dataset(folder);
  const std::vector<Recorded> recorded = recorded_episodes(dataset);
  DatasetRows rows(kDatasetColumns);
  const std::string hash = dataset.hash();
  std::set<fs::path> files;
  for (size_t i = 0; i < recorded.size(); ++i) {
    const DatasetEpisode& e = dataset.episodes()[i];
    rows.add(episodes_++, folder.string(), hash, e.index, recorded[i].hash,
             static_cast<double>(recorded[i].from_ns) * 1e-9, e.length,
             static_cast<double>(e.length) / dataset.fps(), dataset.embodiment().name,
             e.tasks.empty() ? "" : e.tasks.front(), e.task_name, e.family,
             static_cast<int64_t>(e.seed), e.success);
    if (e.missing.empty()) files.insert(fs::absolute(e.data_file));
  }
  put("dataset_episodes", rows.table());
  add_labels(folder);
  const std::vector<fs::path> present(files.begin(), files.end());
  if (present.empty()) return;
  data_files_.insert(data_files_.end(), present.begin(), present.end());
  frames_.push_back(fmt::format("SELECT {} AS dataset, * FROM {}", text_in_sql(folder.string()),
                                io::Parquet::from(present)));
}

void RecordQuery::close() {
  // Every view is there, also where nothing was added for it.
  const JournalTables none("", 0);
  put("journal_episodes", none.episodes());
  put("dataset_episodes", DatasetRows(kDatasetColumns).table());
  add_episodes();
  const auto view = [&](const std::string& name, const io::Table& columns) {
    put("journal_" + name, columns);
    add_view(name, with_times(columns, io::Parquet::from(files_.at("journal_" + name))));
  };
  view("steps", none.steps());
  view("events", none.events());
  view("requests", none.requests());
  put("labels", LabelRows(kLabelColumns).table());
  add_view("labels", "SELECT * FROM " + io::Parquet::from(files_.at("labels")));
  if (!frames_.empty()) {
    add_view("frames", fmt::format("{}", fmt::join(frames_, " UNION ALL BY NAME ")));
  }
  std::vector<fs::path> allowed = data_files_;
  for (const auto& [name, files] : files_)
    allowed.insert(allowed.end(), files.begin(), files.end());
  parquet_->close_to(allowed);
}

// An episode is one recorded attempt, however many folders hold it.
void RecordQuery::add_episodes() {
  const io::Table journal = JournalTables("", 0).episodes();
  parquet_->query("CREATE VIEW journal_episodes AS " +
                      with_times(journal, io::Parquet::from(files_.at("journal_episodes"))),
                  "the journals");
  parquet_->query(
      fmt::format("CREATE VIEW every_dataset_episode AS SELECT d.* REPLACE (coalesce("
                  "j.episode, min(d.episode) OVER (PARTITION BY d.recorded_hash)) AS episode) "
                  "FROM {} d LEFT JOIN (SELECT recorded_hash, min(episode) AS episode FROM "
                  "journal_episodes WHERE recorded_hash <> '' GROUP BY 1) j USING (recorded_hash)",
                  io::Parquet::from(files_.at("dataset_episodes"))),
      "the datasets");
  add_view("dataset_episodes", "SELECT * FROM every_dataset_episode");
  add_view("episodes",
           "SELECT 'journal' AS source, * FROM journal_episodes UNION ALL BY NAME SELECT 'dataset' "
           "AS source, episode, arg_min(dataset, episode_index) AS folder, min(episode_index) AS "
           "number, recorded_hash, any_value(embodiment) AS embodiment, any_value(task) AS task, "
           "any_value(task_name) AS task_name, any_value(family) AS family, any_value(seed) AS "
           "seed, any_value(success) AS success, true AS ended, max(seconds) AS seconds FROM "
           "every_dataset_episode WHERE episode NOT IN (SELECT episode FROM journal_episodes) "
           "GROUP BY episode, recorded_hash");
}

io::Table RecordQuery::ask(const std::string& sql) const {
  try {
    return parquet_->select(sql);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    throw Error(
        "", error.what(),
        fmt::format("the views are {}; docs/record.md describes them", fmt::join(views_, ", ")));
  }
}

}  // namespace gyre::data
