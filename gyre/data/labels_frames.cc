#include "gyre/data/labels_frames.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/labels_import.h"

namespace gyre::data {
namespace {

using RuleKind = LabelRule::Kind;
using Frames = std::vector<std::vector<float>>;  // by episode and row
constexpr float kNobody = std::numeric_limits<float>::quiet_NaN();

Frames unlabelled(const std::vector<LabelledEpisode>& episodes) {
  Frames frames;
  for (const LabelledEpisode& episode : episodes) {
    frames.emplace_back(static_cast<size_t>(episode.length), kNobody);
  }
  return frames;
}

// Puts each label on its rows, over what is there. An exclusion counts as 1.
void lay(const std::vector<Label>& labels, const std::vector<LabelledEpisode>& episodes,
         Frames& frames) {
  for (size_t i = 0; i < episodes.size(); ++i) {
    const auto own =
        std::ranges::equal_range(labels, episodes[i].recorded.hash, {}, &Label::recorded);
    for (const Label& label : own) {
      const auto [first, last] = labelled_rows(label, episodes[i]);
      std::fill(frames[i].begin() + first, frames[i].begin() + last,
                static_cast<float>(label.value.value_or(1)));
    }
  }
}

// One layer for each author that counts, of the newest labels.
std::vector<Frames> layers_of(const Labels& labels, const std::vector<const LabelStream*>& streams,
                              const LabelRule& rule, const std::vector<LabelledEpisode>& episodes) {
  const bool apart =
      rule.kind == RuleKind::kMean || rule.kind == RuleKind::kAny || rule.kind == RuleKind::kAll;
  std::map<std::string, Frames> layers;
  std::vector<const LabelStream*> in_time = streams;
  std::ranges::stable_sort(in_time, {}, [](const LabelStream* s) { return s->head.time; });
  for (const LabelStream* stream : in_time) {
    if (rule.kind == RuleKind::kAuthor && stream->head.author != rule.author) continue;
    const std::string author = apart ? stream->head.author : "";
    lay(labels.read(*stream), episodes,
        layers.try_emplace(author, unlabelled(episodes)).first->second);
  }
  std::vector<Frames> all;
  for (auto& [author, frames] : layers) all.push_back(std::move(frames));
  return all;
}

// One number of those that the layers hold for one frame; NaN where none does.
float combined(RuleKind kind, const std::vector<Frames>& layers, size_t episode, size_t row) {
  double sum = 0, most = 0, least = 0;
  int count = 0;
  for (const Frames& layer : layers) {
    const double value = layer[episode][row];
    if (std::isnan(value)) continue;
    most = count == 0 ? value : std::max(most, value);
    least = count == 0 ? value : std::min(least, value);
    sum += value;
    ++count;
  }
  if (count == 0) return kNobody;
  const double chosen = kind == RuleKind::kMean  ? sum / count
                        : kind == RuleKind::kAll ? least
                                                 : most;
  return static_cast<float>(chosen);
}

Frames combine(RuleKind kind, const std::vector<Frames>& layers,
               const std::vector<LabelledEpisode>& episodes) {
  if (layers.size() == 1) return layers.front();
  Frames frames = unlabelled(episodes);
  for (size_t i = 0; i < frames.size(); ++i) {
    for (size_t row = 0; row < frames[i].size(); ++row) {
      frames[i][row] = combined(kind, layers, i, row);
    }
  }
  return frames;
}

void require_author(const Labels& labels, const std::vector<const LabelStream*>& streams,
                    const LabelRule& rule, const std::string& what) {
  if (rule.kind != RuleKind::kAuthor) return;
  std::set<std::string> authors;
  for (const LabelStream* stream : streams) authors.insert(stream->head.author);
  if (authors.contains(rule.author)) return;
  throw Error(labels.folder().string(), fmt::format("has no {} by '{}'", what, rule.author),
              authors.empty() ? "" : fmt::format("there are some by {}", fmt::join(authors, ", ")));
}

[[noreturn]] void throw_no_stream(const Labels& labels, const std::string& name) {
  std::set<std::string> names;
  for (const LabelStream& stream : labels.streams()) {
    if (is_number(stream.head.type)) names.insert(stream.head.name);
  }
  throw Error(labels.folder().string(), fmt::format("has no labels '{}' that are numbers", name),
              names.empty() ? "`gyre data label add` makes some"
                            : fmt::format("there are {}", fmt::join(names, ", ")));
}

}  // namespace

LabelRule parse_label_rule(const std::string& text) {
  if (text.starts_with("author=") && text.size() > 7) return {RuleKind::kAuthor, text.substr(7)};
  const std::pair<const char*, RuleKind> words[] = {{"newest", RuleKind::kNewest},
                                                    {"mean", RuleKind::kMean},
                                                    {"any", RuleKind::kAny},
                                                    {"all", RuleKind::kAll}};
  for (const auto& [word, kind] : words) {
    if (text == word) return {kind, {}};
  }
  throw Error(fmt::format("label rule '{}'", text), "is not known",
              "it is newest, author=NAME, mean, any or all");
}

std::vector<std::vector<float>> frame_labels(const Dataset& dataset, const std::string& name,
                                             const LabelRule& rule) {
  const Labels labels(dataset.folder());
  const std::vector<LabelledEpisode> episodes = labelled_episodes(dataset);
  std::vector<const LabelStream*> streams;
  for (const LabelStream& stream : labels.streams()) {
    if (stream.head.name == name && is_number(stream.head.type)) streams.push_back(&stream);
  }
  if (streams.empty()) {
    const std::filesystem::path sidecar = dataset.folder() / "labels" / (name + ".parquet");
    if (!std::filesystem::exists(sidecar)) throw_no_stream(labels, name);
    Frames frames = unlabelled(episodes);
    lay(import_labels(sidecar, *io::Parquet::open(), episodes).at(0).labels, episodes, frames);
    return frames;
  }
  require_author(labels, streams, rule, "labels '" + name + "'");
  return combine(rule.kind, layers_of(labels, streams, rule, episodes), episodes);
}

std::vector<std::vector<uint8_t>> excluded_frames(const Dataset& dataset, const LabelRule& rule) {
  if (rule.kind == RuleKind::kMean) throw Error("exclusions", "have no mean", "take any or all");
  const Labels labels(dataset.folder());
  std::vector<std::vector<uint8_t>> excluded;
  for (const DatasetEpisode& episode : dataset.episodes()) {
    excluded.emplace_back(static_cast<size_t>(episode.length), 0);
  }
  std::vector<const LabelStream*> streams;
  for (const LabelStream& stream : labels.streams()) {
    if (stream.head.type == LabelType::kExclusion) streams.push_back(&stream);
  }
  require_author(labels, streams, rule, "exclusion");
  if (streams.empty()) return excluded;
  const std::vector<LabelledEpisode> episodes = labelled_episodes(dataset);
  const std::vector<Frames> layers = layers_of(labels, streams, rule, episodes);
  for (size_t i = 0; i < excluded.size(); ++i) {
    for (size_t row = 0; row < excluded[i].size(); ++row) {
      const auto says = [&](const Frames& layer) { return !std::isnan(layer[i][row]); };
      excluded[i][row] = rule.kind == RuleKind::kAll ? std::ranges::all_of(layers, says)
                                                     : std::ranges::any_of(layers, says);
    }
  }
  return excluded;
}

io::Table labels_table(const Dataset& dataset) {
  const Labels labels(dataset.folder());
  std::vector<int64_t> index, begin, end;
  std::vector<double> value;
  std::vector<uint8_t> no_time, no_value, no_text;
  std::vector<std::string> recorded, text, of_stream[7];
  const auto add = [&](const LabelStream& stream, const LabelledEpisode& episode,
                       const Label& label) {
    const auto [first, last] = labelled_rows(label, episode);
    if (first == last) return;
    index.push_back(episode.number);
    recorded.push_back(label.recorded);
    begin.push_back(first);
    end.push_back(last - 1);
    no_time.push_back(!label.begin_ns);
    value.push_back(label.value.value_or(0));
    no_value.push_back(!label.value);
    text.push_back(label.text.value_or(""));
    no_text.push_back(!label.text);
    const LabelHead& head = stream.head;
    const std::string fields[] = {
        head.name,  label_type_word(head.type), head.author, head.kind, head.version, head.time,
        stream.hash};
    for (size_t i = 0; i < std::size(fields); ++i) of_stream[i].push_back(fields[i]);
  };
  const std::vector<LabelledEpisode> episodes =
      labels.streams().empty() ? std::vector<LabelledEpisode>{} : labelled_episodes(dataset);
  for (const LabelledEpisode& episode : episodes) {
    const auto found = labels.of(episode.recorded.hash);
    for (size_t s = 0; s < found.size(); ++s) {
      for (const Label& label : found[s]) add(labels.streams()[s], episode, label);
    }
  }
  io::Table table{{io::int_column("episode_index", std::move(index)),
                   io::string_column("recorded_hash", std::move(recorded))}};
  const char* names[] = {"name", "type", "author", "kind", "version", "time"};
  for (size_t i = 0; i < std::size(names); ++i) {
    table.columns.push_back(io::string_column(names[i], std::move(of_stream[i])));
  }
  table.columns.push_back(io::int_column("begin_frame", std::move(begin)));
  table.columns.push_back(io::int_column("end_frame", std::move(end)));
  table.columns.push_back(io::double_column("value", std::move(value)));
  table.columns.push_back(io::string_column("text", std::move(text)));
  table.columns.push_back(io::string_column("stream", std::move(of_stream[6])));
  table.columns[8].nulls = no_time;
  table.columns[9].nulls = std::move(no_time);
  table.columns[10].nulls = std::move(no_value);
  table.columns[11].nulls = std::move(no_text);
  return table;
}

}  // namespace gyre::data
