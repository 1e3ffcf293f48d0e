#include "gyre/data/labels_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"
#include "gyre/data/labels.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

using Episodes = std::unordered_map<std::string, const LabelledEpisode*>;

std::string row_name(const fs::path& file, size_t row) {
  return fmt::format("{}: row {}", file.string(), row);
}

Label step_of(const fs::path& file, size_t row, const LabelledEpisode& episode, int64_t frame) {
  if (frame < 0 || frame >= episode.length) {
    throw Error(row_name(file, row),
                fmt::format("episode {} has no frame {}", episode.number, frame),
                fmt::format("its frames are 0 to {}", episode.length - 1));
  }
  return label_for(episode, frame, frame + 1);
}

// Gyre 0.1 wrote one file for each labeler, with a row for each frame.
ImportedLabels read_sidecar(const fs::path& file, const io::Parquet& parquet,
                            std::span<const LabelledEpisode> episodes) {
  const io::Table table = parquet.read(file, {"episode_hash", "frame_index", "target"});
  if (table.columns[0].kind != io::ColumnKind::kString) {
    throw Error(file.string(), "column 'episode_hash' has another type", "label it again");
  }
  const ColumnNumbers frame(table.columns[1]), target(table.columns[2]);
  Episodes known;
  for (const LabelledEpisode& episode : episodes) known[episode.recorded.hash] = &episode;
  ImportedLabels imported{.head = {.name = file.stem(),
                                   .type = LabelType::kTarget,
                                   .author = file.stem(),
                                   .kind = "program",
                                   .contract_hash = episodes.front().contract_hash},
                          .labels = {}};
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto found = known.find(table.columns[0].strings[row]);
    if (found == known.end()) {
      throw Error(row_name(file, row),
                  fmt::format("episode {} is not here", table.columns[0].strings[row]),
                  "name the dataset that holds it");
    }
    Label label = step_of(file, row, *found->second, frame.whole(row));
    label.value = target.one(row);
    imported.labels.push_back(std::move(label));
  }
  return imported;
}

// The value of a row, or false where it says nothing. LeRobot's progress is of single precision and
// may end a hair beyond 0 or 1.
bool read_value(const io::Column& column, LabelType type, size_t row, Label& label) {
  if (!is_number(type)) {
    if (column.kind != io::ColumnKind::kString) throw Error("", "column 'text' holds no text");
    if (!column.is_null(row)) label.text = column.strings[row];
    return label.text.has_value();
  }
  const double value = ColumnNumbers(column).one(row);
  const bool near = type == LabelType::kProgress && std::abs(value - 0.5) < 0.500001;
  label.value = near ? std::clamp(value, 0.0, 1.0) : value;
  return !std::isnan(value);
}

// One column of a table with a row for each frame.
ImportedLabels read_frames(const fs::path& file, const io::Parquet& parquet,
                           const std::string& name, const LabelHead& head,
                           std::span<const LabelledEpisode> episodes) {
  const io::Table table = parquet.read(file, {"episode_index", "frame_index", name});
  const ColumnNumbers episode(table.columns[0]), frame(table.columns[1]);
  std::unordered_map<int64_t, const LabelledEpisode*> known;
  for (const LabelledEpisode& one : episodes) known[one.number] = &one;
  ImportedLabels imported{.head = head, .labels = {}};
  imported.head.contract_hash = episodes.front().contract_hash;
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto found = known.find(episode.whole(row));
    if (found == known.end()) {
      throw Error(row_name(file, row), fmt::format("episode {} is not here", episode.whole(row)),
                  "name the dataset that it was made for");
    }
    Label label = step_of(file, row, *found->second, frame.whole(row));
    if (read_value(table.columns[2], head.type, row, label)) {
      imported.labels.push_back(std::move(label));
    }
  }
  return imported;
}

std::vector<ImportedLabels> read_foreign(const fs::path& file, const io::Parquet& parquet,
                                         std::span<const LabelledEpisode> episodes,
                                         const std::optional<LabelHead>& head) {
  std::set<std::string> names;
  for (const io::ParquetColumn& column : parquet.columns(file)) names.insert(column.name);
  const auto has = [&](const char* name) { return names.contains(name); };
  const bool frames = has("episode_index") && has("frame_index");
  std::vector<ImportedLabels> all;
  if (head) {
    const char* column = is_number(head->type) ? "value" : "text";
    if (!frames || !has(column)) {
      throw Error(file.string(),
                  fmt::format("has no columns episode_index, frame_index and {}, but {}", column,
                              fmt::join(names, ", ")));
    }
    all.push_back(read_frames(file, parquet, column, *head, episodes));
    return all;
  }
  if (has("episode_hash") && has("frame_index") && has("target")) {
    all.push_back(read_sidecar(file, parquet, episodes));
    return all;
  }
  for (const char* name : {"progress_sparse", "progress_dense"}) {
    if (!frames || !has(name)) continue;
    const LabelHead sarm{.name = name,
                         .type = LabelType::kProgress,
                         .author = "sarm",
                         .kind = "import",
                         .arguments = file.filename().string()};
    all.push_back(read_frames(file, parquet, name, sarm, episodes));
  }
  if (all.empty()) {
    throw Error(file.string(),
                fmt::format("is no file of labels; its columns are {}", fmt::join(names, ", ")),
                "docs/record.md says which are read");
  }
  std::erase_if(all, [](const ImportedLabels& one) { return one.labels.empty(); });
  return all;
}

}  // namespace

std::vector<ImportedLabels> import_labels(const fs::path& file, const io::Parquet& parquet,
                                          std::span<const LabelledEpisode> episodes,
                                          const std::optional<LabelHead>& head) {
  std::vector<ImportedLabels> all;
  if (has_label_head(file, parquet)) {
    if (head) throw Error(file.string(), "says itself who labelled it", "leave out --name");
    const LabelStream stream = read_label_head(file, parquet);
    all.push_back({.head = stream.head, .labels = read_label_rows(stream, parquet)});
  } else {
    all = read_foreign(file, parquet, episodes, head);
  }
  for (ImportedLabels& one : all) {
    try {
      for (const Label& label : one.labels) check_label(one.head.type, label);
    } catch (const Error& error) {
      throw Error(file.string(), error.what());
    }
    require_labels_fit(file.string(), one.head, one.labels, episodes);
    sort_labels(one.labels);
  }
  if (all.empty()) throw Error(file.string(), "holds no label");
  return all;
}

}  // namespace gyre::data
