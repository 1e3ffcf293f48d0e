#include "gyre/data/labels_episodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_rows.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

std::vector<LabelledEpisode> attempts_of(const fs::path& journal) {
  std::vector<LabelledEpisode> episodes;
  JournalReader reader(journal, {.pixels = Pixels::kNone});
  RowBuilder builder(Pixels::kNone);
  const auto add = [&](const std::optional<BuiltEpisode>& built) {
    if (built && built->whole()) episodes.push_back(labelled_episode(*built));
  };
  for (Record record; reader.next(record);) add(builder.take(record));
  add(builder.finish());
  return episodes;
}

[[noreturn]] void throw_no_step(const std::string& where, int64_t time_ns,
                                const LabelledEpisode& episode) {
  const auto last = static_cast<double>(step_time_ns(episode.recorded.frames - 1, episode.fps));
  throw Error(where,
              fmt::format("a label at {:.3f} s is not in episode {}, whose {} recorded frames end "
                          "at {:.3f} s",
                          static_cast<double>(time_ns) * 1e-9, episode.number,
                          episode.recorded.frames, last * 1e-9),
              "times count from the first recorded frame");
}

}  // namespace

LabelledEpisode labelled_episode(const BuiltEpisode& built) {
  const int64_t rows = std::ssize(built.episode.rows);
  const Embodiment& contract = built.header->contract;
  return {.number = built.header->episode.number,
          .recorded = {.hash = built.episode.hash(), .frames = rows},
          .length = rows,
          .fps = 1 / contract.action_period_s,
          .contract_hash = contract.contract_hash()};
}

std::vector<LabelledEpisode> labelled_episodes(const Dataset& dataset) {
  const std::string contract = dataset.embodiment().contract_hash();
  const std::vector<Recorded> recorded = recorded_episodes(dataset);
  std::vector<LabelledEpisode> episodes;
  for (size_t i = 0; i < recorded.size(); ++i) {
    episodes.push_back({.number = dataset.episodes()[i].index,
                        .recorded = recorded[i],
                        .length = dataset.episodes()[i].length,
                        .fps = dataset.fps(),
                        .contract_hash = contract});
  }
  return episodes;
}

std::vector<LabelledEpisode> labelled_episodes(const fs::path& folder) {
  std::vector<LabelledEpisode> episodes;
  if (fs::exists(folder / "meta" / "info.json")) {
    episodes = labelled_episodes(Dataset(folder));
  } else if (fs::is_directory(folder) && !journal_files(folder).empty()) {
    episodes = attempts_of(folder);
  } else {
    throw Error(folder.string(), "is neither a dataset nor a journal folder", "check the path");
  }
  std::erase_if(episodes, [](const LabelledEpisode& e) { return e.recorded.hash.empty(); });
  if (episodes.empty()) throw Error(folder.string(), "holds no whole episode");
  return episodes;
}

std::pair<int64_t, int64_t> labelled_rows(const Label& label, const LabelledEpisode& episode) {
  if (!label.begin_ns) return {0, episode.length};
  const int64_t start = step_at(episode.recorded.from_ns, episode.fps);
  const int64_t begin = step_at(*label.begin_ns, episode.fps) - start;
  const int64_t first = std::clamp<int64_t>(begin, 0, episode.length);
  const int64_t last = std::min(step_at(*label.end_ns, episode.fps) - start + 1, episode.length);
  return {first, std::max(first, last)};
}

Label label_for(const LabelledEpisode& episode, int64_t first, int64_t last) {
  const int64_t start = step_at(episode.recorded.from_ns, episode.fps);
  return {.recorded = episode.recorded.hash,
          .begin_ns = step_time_ns(start + first, episode.fps),
          .end_ns = step_time_ns(start + last - 1, episode.fps),
          .value = {},
          .text = {}};
}

void add_row_labels(const std::string& recorded_hash, double fps, std::span<const float> values,
                    std::vector<Label>& labels) {
  for (size_t first = 0, last = 1; first < values.size(); first = last++) {
    while (last < values.size() && values[last] == values[first]) ++last;
    labels.push_back({.recorded = recorded_hash,
                      .begin_ns = step_time_ns(static_cast<int64_t>(first), fps),
                      .end_ns = step_time_ns(static_cast<int64_t>(last) - 1, fps),
                      .value = values[first],
                      .text = {}});
  }
}

void require_labels_fit(const std::string& where, const LabelHead& head,
                        const std::vector<Label>& labels,
                        std::span<const LabelledEpisode> episodes) {
  std::unordered_map<std::string, const LabelledEpisode*> known;
  bool same_contract = head.contract_hash.empty();
  for (const LabelledEpisode& episode : episodes) {
    known.try_emplace(episode.recorded.hash, &episode);
    same_contract = same_contract || episode.contract_hash == head.contract_hash;
  }
  if (!same_contract) {
    throw Error(where,
                fmt::format("is of contract {}, the episodes are of {}", head.contract_hash,
                            episodes.front().contract_hash),
                "label recordings of the same robot");
  }
  std::set<std::string> strangers;
  for (const Label& label : labels) {
    if (!known.contains(label.recorded)) strangers.insert(label.recorded);
  }
  if (!strangers.empty()) {
    throw Error(where,
                fmt::format("labels {} episodes that are not here, first {}", strangers.size(),
                            *strangers.begin()),
                "name the dataset that holds them");
  }
  for (const Label& label : labels) {
    if (!label.end_ns) continue;
    const LabelledEpisode& episode = *known.at(label.recorded);
    const bool in_it = step_at(*label.end_ns, episode.fps) < episode.recorded.frames;
    if (!in_it) throw_no_step(where, *label.end_ns, episode);
  }
}

}  // namespace gyre::data
