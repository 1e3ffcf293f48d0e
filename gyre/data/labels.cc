#include "gyre/data/labels.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/parquet.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kLabelFormat = 1;
constexpr const char* kHeadKey = "gyre";  // of the file's footer

std::string head_json(const LabelStream& stream) {
  ordered_json json = {{"format", kLabelFormat}};
  json.update(stream_json(stream));
  return json.dump();
}

LabelStream stream_of(const fs::path& file, const std::string& text) {
  LabelStream stream{.file = file, .head = {}, .hash = {}};
  try {
    const ordered_json json = ordered_json::parse(text);
    const int format = json.at("format").get<int>();
    if (format != kLabelFormat) {
      throw Error(
          file.string(),
          fmt::format("is a label stream of format {}, this Gyre reads {}", format, kLabelFormat),
          "update Gyre");
    }
    LabelHead& head = stream.head;
    head = {.name = json.at("name"),
            .type = parse_label_type(json.at("type")),
            .version = json.at("version"),
            .author = json.at("author"),
            .kind = json.at("kind"),
            .time = json.at("time"),
            .model_hash = json.at("model_hash"),
            .arguments = json.at("arguments"),
            .contract_hash = json.at("contract_hash")};
    check_head(head);
    stream.hash = json.at("hash");
    stream.labels = json.at("labels");
    stream.episodes = json.at("episodes");
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(), fmt::format("has a broken head ({})", error.what()),
                "fetch or write it again");
  }
  return stream;
}

io::Table table_of(std::vector<Label>&& labels) {
  const size_t n = labels.size();
  std::vector<std::string> recorded(n), texts(n);
  std::vector<int64_t> begins(n), ends(n);
  std::vector<double> values(n);
  std::vector<uint8_t> no_time(n), no_value(n), no_text(n);
  for (size_t i = 0; i < n; ++i) {
    Label& label = labels[i];
    recorded[i] = std::move(label.recorded);
    begins[i] = label.begin_ns.value_or(0);
    ends[i] = label.end_ns.value_or(0);
    values[i] = label.value.value_or(0);
    texts[i] = std::move(label.text).value_or("");
    no_time[i] = !label.begin_ns;
    no_value[i] = !label.value;
    no_text[i] = !label.text;
  }
  io::Table table{
      {io::string_column("recorded_hash", std::move(recorded)),
       io::int_column("begin_ns", std::move(begins)), io::int_column("end_ns", std::move(ends)),
       io::double_column("value", std::move(values)), io::string_column("text", std::move(texts))}};
  table.columns[1].nulls = no_time;
  table.columns[2].nulls = std::move(no_time);
  table.columns[3].nulls = std::move(no_value);
  table.columns[4].nulls = std::move(no_text);
  return table;
}

Label label_of(const io::Table& table, size_t row) {
  const std::vector<io::Column>& c = table.columns;
  Label label{.recorded = c[0].strings[row], .begin_ns = {}, .end_ns = {}, .value = {}, .text = {}};
  if (!c[1].is_null(row)) label.begin_ns = c[1].ints[row];
  if (!c[2].is_null(row)) label.end_ns = c[2].ints[row];
  if (!c[3].is_null(row)) label.value = c[3].doubles[row];
  if (!c[4].is_null(row)) label.text = c[4].strings[row];
  return label;
}

void require_types(const fs::path& file, const io::Table& table) {
  static constexpr std::array kKinds = {io::ColumnKind::kString, io::ColumnKind::kInt64,
                                        io::ColumnKind::kInt64, io::ColumnKind::kDouble,
                                        io::ColumnKind::kString};
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (table.columns[i].kind == kKinds[i]) continue;
    throw Error(file.string(), fmt::format("column '{}' has another type", table.columns[i].name),
                "it is not as Gyre wrote it");
  }
}

// A sidecar of Gyre 0.1, or another program's file.
bool is_sidecar(const fs::path& file, const io::Parquet& parquet) {
  std::set<std::string> names;
  for (const io::ParquetColumn& column : parquet.columns(file)) names.insert(column.name);
  return names.contains("episode_hash") && names.contains("frame_index") &&
         names.contains("target");
}

}  // namespace

ordered_json stream_json(const LabelStream& stream) {
  const LabelHead& head = stream.head;
  return {{"name", head.name},
          {"type", label_type_word(head.type)},
          {"version", head.version},
          {"author", head.author},
          {"kind", head.kind},
          {"time", head.time},
          {"model_hash", head.model_hash},
          {"arguments", head.arguments},
          {"contract_hash", head.contract_hash},
          {"hash", stream.hash},
          {"labels", stream.labels},
          {"episodes", stream.episodes}};
}

Labels::Labels(const fs::path& folder) : folder_(folder), parquet_(io::Parquet::open()) {
  for (const fs::path& file : label_files(folder)) {
    if (!has_label_head(file, *parquet_) && is_sidecar(file, *parquet_)) continue;
    streams_.push_back(read_label_head(file, *parquet_));
  }
  const auto key = [](const LabelStream& stream) {
    return std::tie(stream.head.name, stream.head.time, stream.hash);
  };
  std::ranges::sort(streams_, [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

const std::vector<Label>& Labels::read(const LabelStream& stream) const {
  const std::scoped_lock lock(mutex_);
  const auto known = known_.find(stream.hash);
  if (known != known_.end()) return known->second;
  return known_.emplace(stream.hash, read_label_rows(stream, *parquet_)).first->second;
}

std::vector<std::span<const Label>> Labels::of(const std::string& recorded_hash) const {
  std::vector<std::span<const Label>> found;
  for (const LabelStream& stream : streams_) {
    const auto range = std::ranges::equal_range(read(stream), recorded_hash, {}, &Label::recorded);
    found.emplace_back(range.begin(), range.end());
  }
  return found;
}

bool has_label_head(const fs::path& file, const io::Parquet& parquet) {
  return !parquet.metadata(file, kHeadKey).empty();
}

LabelStream read_label_head(const fs::path& file, const io::Parquet& parquet) {
  const std::string head = parquet.metadata(file, kHeadKey);
  if (head.empty()) {
    throw Error(file.string(), "is no label stream: its footer has no head",
                "`gyre data label add DIR --import FILE` takes files of others");
  }
  return stream_of(file, head);
}

std::vector<Label> read_label_rows(const LabelStream& stream, const io::Parquet& parquet) {
  const io::Table table =
      parquet.read(stream.file, {"recorded_hash", "begin_ns", "end_ns", "value", "text"});
  require_types(stream.file, table);
  std::vector<Label> labels;
  labels.reserve(table.rows());
  for (size_t row = 0; row < table.rows(); ++row) labels.push_back(label_of(table, row));
  const std::string hash = hash_labels(stream.head, labels);
  if (hash != stream.hash) {
    throw Error(stream.file.string(),
                fmt::format("was changed: its labels have the hash {}, its head states {}", hash,
                            stream.hash),
                "fetch it again");
  }
  return labels;
}

LabelStream write_labels(const fs::path& folder, const LabelHead& head, std::vector<Label> labels) {
  check_head(head);
  if (labels.empty()) throw Error("label stream '" + head.name + "'", "holds no label");
  for (const Label& label : labels) check_label(head.type, label);
  sort_labels(labels);
  LabelStream stream{.file = {},
                     .head = head,
                     .hash = hash_labels(head, labels),
                     .labels = std::ssize(labels),
                     .episodes = 1};
  for (size_t i = 1; i < labels.size(); ++i) {
    if (labels[i].recorded != labels[i - 1].recorded) ++stream.episodes;
  }
  stream.file =
      folder / "labels" / fmt::format("{}-{}.parquet", head.name, stream.hash.substr(0, 8));
  const std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  if (fs::exists(stream.file)) return read_label_head(stream.file, *parquet);
  std::error_code failed;
  fs::create_directories(stream.file.parent_path(), failed);
  if (failed) io::throw_file_error(stream.file.parent_path(), "create", failed.value());
  const io::Table table = table_of(std::move(labels));
  parquet->write(stream.file, std::array{table}, {{kHeadKey, head_json(stream)}});
  return stream;
}

std::vector<fs::path> label_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "labels", none)) {
    const bool hidden = entry.path().filename().string().starts_with(".");
    if (entry.path().extension() == ".parquet" && !hidden) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void copy_labels(const fs::path& from, const fs::path& to) {
  for (const fs::path& file : label_files(from)) {
    const fs::path place = to / "labels" / file.filename();
    if (fs::exists(place)) continue;
    std::error_code failed;
    fs::create_directories(place.parent_path(), failed);
    fs::copy_file(file, place, failed);
    if (failed) io::throw_file_error(place, "write", failed.value());
  }
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace gyre::data
