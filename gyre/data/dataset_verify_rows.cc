#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "gyre/core/episode.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_stats.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_verify_parts.h"
#include "gyre/data/feature_names.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using io::Column;
using io::ColumnKind;
using nlohmann::ordered_json;

bool is_place(const std::string& column) {
  for (const char* name : {"timestamp", "frame_index", "episode_index", "index", "task_index"}) {
    if (column == name) return true;
  }
  return false;
}

// "elbow", or "action[3]" where the recording names none.
std::string component_name(const EditSource& source, const std::string& column, size_t at) {
  std::vector<std::string> names;
  if (source.features().contains(column)) {
    names = feature_names(source.features()[column].value("names", ordered_json()));
  }
  return at < names.size() ? fmt::format("{} {}", column, names[at])
                           : fmt::format("{}[{}]", column, at);
}

// The whole numbers of a column, or null when it has none.
const std::vector<int64_t>* whole(const io::Table& table, const char* name) {
  const Column* column = table.find(name);
  return column != nullptr && column->kind == ColumnKind::kInt64 ? &column->ints : nullptr;
}

class RowCheck {
 public:
  RowCheck(const EditSource& source, const VerifyOptions& options, Findings& findings)
      : source_(source),
        options_(options),
        findings_(findings),
        fps_(source.info().at("fps").get<double>()) {}

  void add(const DatasetEpisode& episode, int64_t first_index, const io::Table& rows) {
    if (static_cast<int64_t>(rows.rows()) != episode.length) {
      findings_.add({.kind = "counts",
                     .episode = episode.index,
                     .text = fmt::format("{} frames in {}, meta/ says {}", rows.rows(),
                                         episode.data_file.string(), episode.length)},
                    true);
    }
    if (rows.rows() == 0) return;
    numbers(episode, first_index, rows);
    times(episode, rows);
    finite(episode, rows);
    content(episode, rows);
    stats_.add(rows);
  }

  // Against meta/stats.json.
  void statistics() const {
    for (const auto& [name, found] : stats_.stats()) {
      const std::optional<Stats> stated = source_.dataset().stats(name);
      if (!stated || stated->mean.size() != found.mean.size()) continue;
      compare(name, "count", {static_cast<double>(stated->count)},
              {static_cast<double>(found.count)}, 0);
      for (size_t i = 0; i < found.mean.size(); ++i) {
        const double range = found.max[i] - found.min[i];
        const double size = std::max(std::abs(found.max[i]), std::abs(found.min[i]));
        const double close = 1e-5 * range + 1e-6 * size, near = 2e-3 * range + 1e-6 * size;
        compare_one(name, i, "min", stated->min, found.min, close);
        compare_one(name, i, "max", stated->max, found.max, close);
        compare_one(name, i, "mean", stated->mean, found.mean, near);
        compare_one(name, i, "std", stated->std, found.std, near);
      }
    }
  }

 private:
  void compare(const std::string& name, const char* part, const std::vector<double>& stated,
               const std::vector<double>& found, double tolerance) const {
    if (stated[0] == 0 || std::abs(stated[0] - found[0]) <= tolerance) return;
    findings_.add({.kind = "statistics",
                   .joint = name,
                   .text = fmt::format("{} is {}, said to be {}", part, found[0], stated[0])});
  }
  void compare_one(const std::string& name, size_t i, const char* part,
                   const std::vector<double>& stated, const std::vector<double>& found,
                   double tolerance) const {
    if (i >= stated.size() || std::abs(stated[i] - found[i]) <= tolerance) return;
    findings_.add(
        {.kind = "statistics",
         .joint = component_name(source_, name, i),
         .text = fmt::format("{} is {:.6g}, said to be {:.6g}", part, found[i], stated[i])});
  }

  // One finding for all rows in which `is_wrong`, naming the first.
  template <class IsWrong, class Say>
  void tell(const char* kind, const DatasetEpisode& episode, size_t rows, const IsWrong& is_wrong,
            const Say& say) {
    int64_t count = 0;
    size_t first = 0;
    for (size_t i = 0; i < rows; ++i) {
      if (!is_wrong(i)) continue;
      if (count++ == 0) first = i;
    }
    if (count == 0) return;
    findings_.add(
        {.kind = kind,
         .episode = episode.index,
         .frame = static_cast<int64_t>(first),
         .text = say(first) + (count == 1 ? "" : fmt::format(" (and {} more)", count - 1))});
  }

  void numbers(const DatasetEpisode& episode, int64_t first_index, const io::Table& rows) {
    const auto sequence = [&](const char* name, int64_t first, int64_t step) {
      const std::vector<int64_t>* values = whole(rows, name);
      if (values == nullptr) {
        findings_.add({.kind = "numbers",
                       .episode = episode.index,
                       .text = fmt::format("{} holds no whole numbers", name)});
        return;
      }
      const auto wanted = [&](size_t i) { return first + step * static_cast<int64_t>(i); };
      tell(
          "numbers", episode, rows.rows(), [&](size_t i) { return (*values)[i] != wanted(i); },
          [&](size_t i) { return fmt::format("{} is {}, not {}", name, (*values)[i], wanted(i)); });
    };
    sequence("frame_index", 0, 1);
    sequence("episode_index", episode.index, 0);
    sequence("index", first_index, 1);
    const std::vector<int64_t>* tasks = whole(rows, "task_index");
    if (tasks == nullptr) return;
    tell(
        "numbers", episode, rows.rows(),
        [&](size_t i) { return !source_.tasks().contains((*tasks)[i]); },
        [&](size_t i) { return fmt::format("task_index {} is no task", (*tasks)[i]); });
  }

  void times(const DatasetEpisode& episode, const io::Table& rows) {
    const Column* column = rows.find("timestamp");
    if (column == nullptr ||
        (column->kind != ColumnKind::kFloat && column->kind != ColumnKind::kDouble)) {
      findings_.add(
          {.kind = "times", .episode = episode.index, .text = "timestamp holds no times"});
      return;
    }
    const auto time = [&](size_t i) {
      return column->kind == ColumnKind::kFloat ? column->floats[i] : column->doubles[i];
    };
    tell(
        "times", episode, rows.rows(), [&](size_t i) { return i > 0 && !(time(i) > time(i - 1)); },
        [&](size_t i) {
          return fmt::format("{:.6f} s comes after {:.6f} s: times go back", time(i), time(i - 1));
        });
    // float32 has 24 bits: an hour is known to 0.2 ms.
    const auto wanted = [&](size_t i) { return static_cast<double>(i) / fps_; };
    tell(
        "times", episode, rows.rows(),
        [&](size_t i) {
          return !(std::abs(time(i) - wanted(i)) <= options_.tolerance_s + 1.2e-7 * wanted(i));
        },
        [&](size_t i) { return fmt::format("at {:.6f} s, not at {:.6f} s", time(i), wanted(i)); });
  }

  void finite(const DatasetEpisode& episode, const io::Table& rows) {
    for (const Column& column : rows.columns) {
      if (!is_numeric(column) || is_place(column.name)) continue;
      const Column& values = column.kind == ColumnKind::kList ? column.children[0] : column;
      const bool real = values.kind == ColumnKind::kFloat || values.kind == ColumnKind::kDouble;
      const bool good = real && column.nulls.empty() &&
                        std::all_of(values.floats.begin(), values.floats.end(),
                                    [](float v) { return std::isfinite(v); }) &&
                        std::all_of(values.doubles.begin(), values.doubles.end(),
                                    [](double v) { return std::isfinite(v); });
      if (good || !real) continue;
      for (size_t row = 0; row < rows.rows(); ++row) {
        numbers_of(column, row, values_);
        if (column.is_null(row)) values_ = {NAN};
        for (size_t i = 0; i < values_.size(); ++i) {
          if (std::isfinite(values_[i])) continue;
          const bool alone = column.kind != ColumnKind::kList;
          findings_.add({.kind = "not finite",
                         .episode = episode.index,
                         .frame = static_cast<int64_t>(row),
                         .joint = alone ? column.name : component_name(source_, column.name, i),
                         .text = column.is_null(row) ? "no value" : fmt::format("{}", values_[i])},
                        false);
        }
      }
    }
  }

  // Equal states and actions are a double; another hash than the recorded one is damage.
  void content(const DatasetEpisode& episode, const io::Table& rows) {
    const Column *state = rows.find("observation.state"), *action = rows.find("action");
    if (state == nullptr || action == nullptr) return;
    EpisodeHash hash;
    for (size_t row = 0; row < rows.rows(); ++row) {
      numbers_of(*state, row, state_);
      numbers_of(*action, row, action_);
      hash.add(state_, action_);
    }
    const std::string found = hash.hex();
    const auto [first, is_new] = hashes_.try_emplace(found, episode.index);
    if (!is_new) {
      findings_.add(
          {.kind = "duplicate",
           .episode = episode.index,
           .text = fmt::format("has the states and actions of episode {}", first->second)});
    }
    const ordered_json* entry = source_.gyre_entry(episode.index);
    if (entry == nullptr || !entry->contains("hash")) return;
    const std::string stated = entry->value("hash", "");
    if (stated != found) {
      findings_.add({.kind = "contract",
                     .episode = episode.index,
                     .text = fmt::format("its states and actions have the hash {}, recorded was {}",
                                         found, stated)});
    }
  }

  const EditSource& source_;
  const VerifyOptions& options_;
  Findings& findings_;
  double fps_;
  TableStats stats_;
  std::map<std::string, int64_t> hashes_;  // to the first episode
  std::vector<float> values_, state_, action_;
};

}  // namespace

void verify_rows(const EditSource& source, const VerifyOptions& options, Findings& findings,
                 VerifyReport& report) {
  RowCheck check(source, options, findings);
  const std::vector<DatasetEpisode>& episodes = source.dataset().episodes();
  std::map<fs::path, int64_t> rows_of_file, stated_rows;
  int64_t first_index = 0, done = 0;
  for (const DatasetEpisode& episode : episodes) {
    if (options.stop && options.stop()) {
      report.stopped = true;
      return;
    }
    if (options.progress) options.progress(done++, std::ssize(episodes));
    if (episode.missing.empty()) {
      try {
        const io::Table rows = source.rows(episode);
        check.add(episode, first_index, rows);
        report.frames += static_cast<int64_t>(rows.rows());
        stated_rows[episode.data_file] += static_cast<int64_t>(rows.rows());
      } catch (const Error& error) {
        findings.add({.kind = "unreadable", .episode = episode.index, .text = error.what()}, true);
      }
    }
    first_index += episode.length;
  }
  for (const auto& [file, rows] : stated_rows) {
    try {
      const int64_t found =
          source.parquet()
              .query("SELECT count(*) FROM " + io::Parquet::from({&file, 1}), file.string())
              .columns[0]
              .ints.at(0);
      if (found == rows) continue;
      findings.add({.kind = "counts",
                    .text = fmt::format("{} holds {} rows, its episodes have {}", file.string(),
                                        found, rows)});
    } catch (const Error&) {  // told above
    }
  }
  const int64_t away = std::ssize(source.dataset().missing());
  if (away > 0) {
    report.passed_over.push_back(fmt::format("statistics: {} episodes are not here", away));
  } else {
    check.statistics();
  }
}

}  // namespace gyre::data
