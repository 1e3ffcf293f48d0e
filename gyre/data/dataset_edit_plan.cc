#include "gyre/data/dataset_edit_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/data/dataset.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int64_t episode_number(std::string_view text, const std::vector<int64_t>& known,
                       const std::string& folder) {
  const std::optional<int64_t> number = whole_number(text);
  if (!number) {
    throw Error(folder, fmt::format("'{}' is no episode number", text), "write 3,7-9");
  }
  if (!std::binary_search(known.begin(), known.end(), *number)) {
    throw Error(
        folder, fmt::format("has no episode {}", *number),
        known.empty() ? "" : fmt::format("its episodes are {} to {}", known.front(), known.back()));
  }
  return *number;
}

std::pair<std::string, std::string> at_equals(const std::string& text, const std::string& form) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0) {
    throw Error(fmt::format("'{}'", text), "is not " + form);
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

DatasetEdit edit_of(const fs::path& folder, const std::vector<int64_t>& episodes) {
  DatasetEdit edit{.sources = {folder}, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  for (const int64_t index : episodes) edit.episodes.push_back({.episode = index});
  return edit;
}

// A frame number of an episode; `otherwise` where the text is empty.
int64_t frame_number(const std::string& text, int64_t length, int64_t otherwise,
                     const std::string& where) {
  if (text.empty()) return otherwise;
  const std::optional<int64_t> number = whole_number(text);
  if (!number) throw Error(where, fmt::format("'{}' is no frame number", text), "write 10:200");
  return *number < 0 ? length + *number : *number;
}

void trim(KeptEpisode& kept, const std::string& range, int64_t length, const std::string& where) {
  const size_t colon = range.find(':');
  if (colon == std::string::npos) {
    throw Error(where, fmt::format("'{}' is no range of frames", range), "write 10:200");
  }
  kept.first = frame_number(range.substr(0, colon), length, 0, where);
  const int64_t end = frame_number(range.substr(colon + 1), length, length, where);
  if (kept.first < 0 || kept.first >= end || end > length) {
    throw Error(where, fmt::format("frames {} are not in it", range),
                fmt::format("it has frames 0 to {}", length - 1));
  }
  kept.frames = end - kept.first;
}

}  // namespace

std::vector<int64_t> parse_episodes(const std::string& text, const std::vector<int64_t>& known,
                                    const std::string& folder) {
  std::vector<int64_t> episodes;
  std::set<int64_t> taken;
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    const std::string_view part = std::string_view(text).substr(at, comma - at);
    at = comma + 1;
    const size_t dash = part.find('-', 1);
    const int64_t first = episode_number(part.substr(0, dash), known, folder);
    const int64_t last = dash == std::string_view::npos
                             ? first
                             : episode_number(part.substr(dash + 1), known, folder);
    if (last < first) {
      throw Error(folder, fmt::format("'{}' goes backwards", part), "write 7-9");
    }
    for (auto it = std::lower_bound(known.begin(), known.end(), first);
         it != known.end() && *it <= last; ++it) {
      if (!taken.insert(*it).second) {
        throw Error(folder, fmt::format("episode {} is named twice", *it));
      }
      episodes.push_back(*it);
    }
  }
  return episodes;
}

DatasetEdit merge_plan(const std::vector<fs::path>& folders) {
  DatasetEdit edit{.sources = folders, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  for (size_t source = 0; source < folders.size(); ++source) {
    const Dataset dataset(folders[source]);
    for (const DatasetEpisode& episode : dataset.episodes()) {
      edit.episodes.push_back({.source = source, .episode = episode.index});
    }
  }
  return edit;
}

DatasetEdit delete_plan(const fs::path& folder, const std::string& episodes) {
  const Dataset dataset(folder);
  std::vector<int64_t> known;
  for (const DatasetEpisode& episode : dataset.episodes()) known.push_back(episode.index);
  for (const int64_t index : parse_episodes(episodes, known, folder.string())) {
    std::erase(known, index);
  }
  if (known.empty()) {
    throw Error(folder.string(), "that would delete every episode", "remove the folder yourself");
  }
  return edit_of(folder, known);
}

std::vector<std::pair<std::string, DatasetEdit>> split_plan(const fs::path& folder,
                                                            const std::vector<std::string>& parts,
                                                            std::optional<uint64_t> shuffle) {
  const Dataset dataset(folder);
  std::vector<int64_t> known;
  for (const DatasetEpisode& episode : dataset.episodes()) known.push_back(episode.index);
  std::vector<int64_t> order = known;
  if (shuffle) {
    Rng rng(*shuffle);
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[static_cast<size_t>(rng.below(static_cast<int64_t>(i)))]);
    }
  }
  std::vector<std::pair<std::string, DatasetEdit>> result;
  std::set<std::string> names;
  std::set<int64_t> dealt;
  double share_so_far = 0;
  for (const std::string& part : parts) {
    const auto [name, what] = at_equals(part, "NAME=EPISODES or NAME=SHARE");
    const bool plain = name != "." && name != ".." && name.find('/') == std::string::npos;
    if (!plain || !names.insert(name).second) {
      throw Error(fmt::format("'{}'", part), plain ? "names a part twice" : "is no folder's name");
    }
    std::vector<int64_t> episodes;
    if (what.find('.') != std::string::npos) {
      double share = 0;
      const auto [end, error] = std::from_chars(what.data(), what.data() + what.size(), share);
      if (error != std::errc() || end != what.data() + what.size() || !(share > 0) ||
          share_so_far + share > 1 + 1e-9) {
        throw Error(fmt::format("'{}'", part), "is no share of the episodes that is left",
                    "shares lie between 0 and 1 and are at most 1 together");
      }
      const auto place = [&](double fraction) {
        return std::lround(fraction * static_cast<double>(order.size()));
      };
      episodes.assign(order.begin() + place(share_so_far),
                      order.begin() + place(std::min(1.0, share_so_far + share)));
      std::sort(episodes.begin(), episodes.end());
      share_so_far += share;
    } else {
      episodes = parse_episodes(what, known, folder.string());
    }
    if (episodes.empty()) {
      throw Error(folder.string(), fmt::format("part '{}' would have no episode", name),
                  "give it a larger share");
    }
    for (const int64_t index : episodes) {
      if (!dealt.insert(index).second) {
        throw Error(folder.string(), fmt::format("episode {} would be in two parts", index),
                    "give each to one");
      }
    }
    result.emplace_back(name, edit_of(folder, episodes));
  }
  if (result.empty()) throw Error(folder.string(), "no part is named", "add --part NAME=EPISODES");
  return result;
}

DatasetEdit trim_plan(const fs::path& folder, const std::vector<std::string>& keep) {
  const Dataset dataset(folder);
  std::vector<int64_t> known;
  for (const DatasetEpisode& episode : dataset.episodes()) known.push_back(episode.index);
  DatasetEdit edit = edit_of(folder, known);
  std::set<int64_t> named;
  std::optional<std::string> all;
  const auto trim_episode = [&](int64_t index, const std::string& range) {
    const auto place = std::lower_bound(known.begin(), known.end(), index) - known.begin();
    trim(edit.episodes[static_cast<size_t>(place)], range,
         dataset.episodes()[static_cast<size_t>(place)].length,
         fmt::format("{}: episode {}", folder.string(), index));
  };
  for (const std::string& one : keep) {
    const auto [episodes, range] = at_equals(one, "EPISODE=FIRST:END");
    if (episodes == "all") {
      all = range;
      continue;
    }
    for (const int64_t index : parse_episodes(episodes, known, folder.string())) {
      if (!named.insert(index).second) {
        throw Error(folder.string(), fmt::format("episode {} is named twice", index));
      }
      trim_episode(index, range);
    }
  }
  for (const int64_t index : known) {
    if (all && !named.contains(index)) trim_episode(index, *all);
  }
  if (keep.empty()) throw Error(folder.string(), "nothing to trim", "add --keep EPISODE=FIRST:END");
  return edit;
}

DatasetEdit tasks_plan(const fs::path& folder, const std::vector<std::string>& rename,
                       const std::vector<std::string>& set) {
  const Dataset dataset(folder);
  std::vector<int64_t> known;
  std::set<std::string> words;
  for (const DatasetEpisode& episode : dataset.episodes()) {
    known.push_back(episode.index);
    words.insert(episode.tasks.begin(), episode.tasks.end());
  }
  DatasetEdit edit = edit_of(folder, known);
  for (const std::string& one : rename) {
    // Words may hold the sign themselves: the first half must be words that there are.
    auto [before, after] = at_equals(one, "OLD=NEW");
    while (!words.contains(before)) {
      const size_t next = after.find('=');
      if (next == std::string::npos) break;
      before += "=" + after.substr(0, next);
      after = after.substr(next + 1);
    }
    if (!words.contains(before)) std::tie(before, after) = at_equals(one, "OLD=NEW");
    if (after.empty()) throw Error(fmt::format("'{}'", one), "gives no new words");
    edit.rename[before] = after;
  }
  for (const std::string& one : set) {
    const auto [episodes, after] = at_equals(one, "EPISODE=WORDS");
    if (after.empty()) throw Error(fmt::format("'{}'", one), "gives no words");
    for (const int64_t index : parse_episodes(episodes, known, folder.string())) {
      const auto place = std::lower_bound(known.begin(), known.end(), index) - known.begin();
      edit.episodes[static_cast<size_t>(place)].words = after;
    }
  }
  return edit;
}

}  // namespace gyre::data
