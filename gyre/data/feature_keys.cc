#include "gyre/data/feature_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyMapUse = "write --key-map observation.state=KEY[,KEY...] or action=KEY";

// A feature of ours, what openpi's converters call it, and the word by which others are known.
struct Wanted {
  const char *ours, *openpis, *word;
};
constexpr Wanted kStateKey = {"observation.state", "state", "state"};
constexpr Wanted kActionKey = {"action", "actions", "action"};

bool is_bookkeeping(const std::string& name) {
  constexpr std::array<const char*, 5> kNames = {"timestamp", "frame_index", "episode_index",
                                                 "index", "task_index"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         name.starts_with("next.") || name.starts_with("complementary_info.");
}

// What could be meant: the features of numbers that hold the word, or else all that are not those
// of the other side.
std::vector<const DatasetFeature*> candidates(const DatasetInfo& info, const Wanted& wanted) {
  std::vector<const DatasetFeature*> with_word, others;
  for (const DatasetFeature& feature : info.features) {
    if (!feature.is_numeric() || is_bookkeeping(feature.name)) continue;
    const bool action = feature.name.find(kActionKey.word) != std::string::npos;
    const bool state = !action && feature.name.find(kStateKey.word) != std::string::npos;
    if (wanted.ours == kActionKey.ours ? action : state) {
      with_word.push_back(&feature);
    } else if (!action && !state) {
      others.push_back(&feature);
    }
  }
  return with_word.empty() ? others : with_word;
}

std::string listed(const std::vector<const DatasetFeature*>& features) {
  constexpr size_t kNamed = 12;
  std::vector<std::string> words;
  for (const DatasetFeature* feature : features) {
    if (words.size() == kNamed) {
      words.push_back(fmt::format("{} more", features.size() - kNamed));
      break;
    }
    words.push_back(
        fmt::format("{} {}[{}]", feature->name, feature->dtype, fmt::join(feature->shape, ", ")));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<std::string> keys_for(const fs::path& file, const DatasetInfo& info, const KeyMap& map,
                                  const Wanted& wanted, const Notices& tell) {
  const std::vector<const DatasetFeature*> found = candidates(info, wanted);
  const std::string flag = fmt::format("--key-map {}=", wanted.ours);
  if (const auto mapped = map.find(wanted.ours); mapped != map.end()) {
    for (const std::string& key : mapped->second) {
      const DatasetFeature* feature = info.find(key);
      if (feature != nullptr && feature->is_numeric()) continue;
      throw Error(file.string(),
                  fmt::format("{}{}: {} feature '{}'", flag, fmt::join(mapped->second, ","),
                              feature == nullptr ? "there is no" : "no numbers are in the", key),
                  "choose among " + listed(found));
    }
    return mapped->second;
  }
  if (info.has(wanted.ours)) return {wanted.ours};
  const DatasetFeature* openpis = info.find(wanted.openpis);
  if (openpis != nullptr && openpis->is_numeric() && found.size() == 1) {
    tell(fmt::format("{}: '{}' is taken for '{}', as openpi's converters write it (else {}KEY)",
                     file.string(), openpis->name, wanted.ours, flag));
    return {openpis->name};
  }
  if (found.empty()) {
    throw Error(
        file.string(),
        fmt::format("no feature '{}' and no other of numbers that could be it", wanted.ours),
        "only recordings with a state and an action can be used");
  }
  throw Error(file.string(), fmt::format("no feature '{}', but {}", wanted.ours, listed(found)),
              fmt::format("say which, joined in the order given: {}KEY[,KEY...]", flag));
}

// What tells the keys apart: "joint.position" of "observation.states.joint.position".
std::vector<std::string> part_names(const std::vector<std::string>& keys) {
  size_t common = 0;  // up to and with the last dot that all share
  for (size_t i = 0; i < keys[0].size(); ++i) {
    const bool shared = std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
      return i + 1 < key.size() && key.compare(0, i + 1, keys[0], 0, i + 1) == 0;
    });
    if (!shared) break;
    if (keys[0][i] == '.') common = i + 1;
  }
  std::vector<std::string> parts;
  for (const std::string& key : keys) parts.push_back(key.substr(common));
  return parts;
}

// Names of one feature's numbers, `count` of them.
std::vector<std::string> names_of(const DatasetFeature& feature, int64_t count) {
  if (std::ssize(feature.names) == count) return feature.names;
  // openpi's converters write ["state"] for all of them; a list of another length names none.
  std::vector<std::string> places;
  for (int64_t i = 0; i < count; ++i) places.push_back(std::to_string(i));
  return places;
}

}  // namespace

KeyMap parse_key_map(std::span<const std::string> texts) {
  KeyMap map;
  for (const std::string& text : texts) {
    const std::string where = "--key-map " + text;
    const size_t equals = text.find('=');
    const std::string ours = text.substr(0, equals);
    if (equals == std::string::npos || (ours != kStateKey.ours && ours != kActionKey.ours)) {
      throw Error(where, "names neither observation.state nor action", kKeyMapUse);
    }
    if (map.contains(ours)) throw Error(where, "is said twice", "join the keys with commas");
    std::vector<std::string>& keys = map[ours];
    for (size_t at = equals + 1; at <= text.size();) {
      const size_t comma = std::min(text.find(',', at), text.size());
      keys.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
    if (std::find(keys.begin(), keys.end(), "") != keys.end()) {
      throw Error(where, "holds an empty key", kKeyMapUse);
    }
    if (std::set(keys.begin(), keys.end()).size() < keys.size()) {
      throw Error(where, "names a key twice", kKeyMapUse);
    }
  }
  return map;
}

FeatureKeys choose_keys(const fs::path& info_file, const DatasetInfo& info, const KeyMap& map,
                        const Notices& tell) {
  return {.state = keys_for(info_file, info, map, kStateKey, tell),
          .action = keys_for(info_file, info, map, kActionKey, tell)};
}

std::vector<Field> recorded_fields(const fs::path& info_file, const DatasetInfo& info,
                                   const std::vector<std::string>& keys,
                                   const std::map<std::string, Stats>& stats) {
  const std::vector<std::string> parts = part_names(keys);
  std::vector<Field> fields;
  std::set<std::string> taken;
  for (size_t k = 0; k < keys.size(); ++k) {
    const DatasetFeature* feature = info.find(keys[k]);
    const int64_t count = feature == nullptr ? 0 : feature->numbers();
    if (count <= 0 || count > kMostNumbers) {
      throw Error(
          info_file.string(),
          fmt::format("feature '{}' of shape [{}] has {} numbers a row", keys[k],
                      feature == nullptr ? "" : fmt::format("{}", fmt::join(feature->shape, ", ")),
                      count < 0 ? "too many" : std::to_string(count)),
          fmt::format("1 to {} can be used", kMostNumbers));
    }
    const auto known = stats.find(keys[k]);
    const Stats* stated = known == stats.end() ? nullptr : &known->second;
    const auto width = static_cast<size_t>(count);
    const bool ranged =
        stated != nullptr && stated->min.size() == width && stated->max.size() == width;
    const std::vector<std::string> names = names_of(*feature, count);
    for (size_t i = 0; i < width; ++i) {
      std::string name = names[i];
      const bool alone = width == 1 && feature->names.empty();
      if (keys.size() > 1) name = alone ? parts[k] : fmt::format("{}.{}", parts[k], name);
      if (name.empty()) name = std::to_string(fields.size());
      std::replace(name.begin(), name.end(), '/', '_');
      while (!taken.insert(name).second) name += fmt::format("_{}", fields.size());
      Field field{.name = name, .unit = "recorded", .min = -1e6, .max = 1e6};
      if (ranged) {
        field.min = stated->min[i];
        field.max = std::max(stated->max[i], field.min + 1e-6);
        // A step of 1e-6 is nothing beside a large number.
        if (!(field.max > field.min)) field.max = field.min + std::abs(field.min);
      }
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace gyre::data
