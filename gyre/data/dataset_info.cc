#include "gyre/data/dataset_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gyre/core/error.h"
#include "gyre/data/dataset_pictures.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

using nlohmann::json;

// Names are a list, a list in a list, a map from a group to a list, or a map from a name to its
// place.
void collect_names(const json& names, std::vector<std::string>& to) {
  if (names.is_object() && !names.empty() && names.begin()->is_number_integer()) {
    std::multimap<int64_t, std::string> places;
    for (const auto& [name, place] : names.items()) places.emplace(place.get<int64_t>(), name);
    for (const auto& [place, name] : places) to.push_back(name);
    return;
  }
  if (names.is_string()) to.push_back(names);
  if (names.is_array() || names.is_object()) {
    for (const json& inner : names) collect_names(inner, to);
  }
}

// Statistics of one feature may be nested as its shape is.
void collect_numbers(const json& value, std::vector<double>& to) {
  if (value.is_number()) to.push_back(value);
  if (value.is_boolean()) to.push_back(value.get<bool>());
  if (value.is_array()) {
    for (const json& inner : value) collect_numbers(inner, to);
  }
}

std::vector<Field> derive_fields(const DatasetFeature& feature, const Stats* stats) {
  std::vector<Field> fields;
  std::set<std::string> taken;
  for (int64_t i = 0; i < feature.shape.at(0); ++i) {
    const auto at = static_cast<size_t>(i);
    std::string name = at < feature.names.size() ? feature.names[at] : fmt::format("{}", i);
    std::replace(name.begin(), name.end(), '/', '_');
    if (!taken.insert(name).second) name += fmt::format("_{}", i);
    taken.insert(name);
    Field field{.name = name, .unit = "recorded", .min = -1e6, .max = 1e6};
    if (stats != nullptr && at < stats->min.size() && at < stats->max.size()) {
      field.min = stats->min[at];
      field.max = std::max(stats->max[at], field.min + 1e-6);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

const DatasetFeature* DatasetInfo::find(const std::string& name) const {
  for (const DatasetFeature& feature : features) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

json read_json(const std::filesystem::path& file) {
  const std::string text = io::read_text(file);
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw Error(file.string(), fmt::format("broken JSON ({})", error.what()),
                "it may be truncated; fetch or write it again");
  }
}

DatasetInfo read_info(const std::filesystem::path& file) {
  DatasetInfo info;
  try {
    // The features' order is the cameras'.
    const auto j = nlohmann::ordered_json::parse(io::read_text(file));
    info.version = j.at("codebase_version");
    if (info.version != kVersion30 && info.version != kVersion21) {
      throw Error(file.string(), "a LeRobotDataset of version " + info.version,
                  "convert it with LeRobot's own tools to v3.0");
    }
    info.fps = static_cast<int>(std::lround(j.at("fps").get<double>()));
    if (info.fps <= 0) throw Error(file.string(), "key 'fps' is not positive");
    info.total_episodes = j.at("total_episodes");
    info.total_frames = j.at("total_frames");
    info.chunks_size = j.value("chunks_size", static_cast<int64_t>(kChunkFiles));
    if (info.chunks_size <= 0) throw Error(file.string(), "key 'chunks_size' is not positive");
    info.data_path = j.at("data_path");
    if (j.contains("video_path") && j.at("video_path").is_string()) {
      info.video_path = j.at("video_path");
    }
    if (j.contains("robot_type") && j.at("robot_type").is_string()) {
      info.robot_type = j.at("robot_type");
    }
    for (const auto& [name, entry] : j.at("features").items()) {
      DatasetFeature feature{
          .name = name, .dtype = entry.at("dtype"), .shape = entry.at("shape"), .names = {}};
      if (entry.contains("names")) collect_names(json(entry.at("names")), feature.names);
      feature.is_depth_map = states_depth_map(json(entry));
      info.features.push_back(std::move(feature));
    }
  } catch (const json::exception& error) {
    throw Error(file.string(), fmt::format("not LeRobotDataset's ({})", error.what()),
                "fetch or write it again");
  }
  return info;
}

std::string fill_path(const std::string& pattern,
                      const std::vector<std::pair<std::string, int64_t>>& numbers,
                      const std::string& video_key) {
  std::string result;
  for (size_t at = 0; at < pattern.size();) {
    const size_t close = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
    if (close == std::string::npos) {
      result += pattern[at++];
      continue;
    }
    const std::string item = pattern.substr(at + 1, close - at - 1);
    const std::string name = item.substr(0, item.find(':'));
    const auto number = std::find_if(numbers.begin(), numbers.end(),
                                     [&](const auto& entry) { return entry.first == name; });
    if (name == "video_key") {
      result += video_key;
    } else if (number != numbers.end()) {
      // Python's "{name:03d}": how many digits at least.
      const size_t colon = item.find(':');
      const int digits = colon == std::string::npos ? 0 : std::atoi(item.c_str() + colon + 1);
      result += fmt::format("{:0{}d}", number->second, digits);
    } else {
      throw Error("meta/info.json", fmt::format("its path '{}' names '{}'", pattern, name),
                  "this is no path of LeRobotDataset v3.0 or v2.1");
    }
    at = close + 1;
  }
  return result;
}

Embodiment derive_embodiment(const std::filesystem::path& file, const DatasetInfo& info,
                             const std::map<std::string, Stats>& stats) {
  Embodiment e{.name = info.robot_type.empty() ? "unknown/recorded" : info.robot_type + "/recorded",
               .action_period_s = 1.0 / info.fps,
               .state = {},
               .action = {},
               .cameras = {},
               .workspace = {}};
  for (const auto& [feature_name, fields] :
       {std::pair{"observation.state", &e.state}, std::pair{"action", &e.action}}) {
    const DatasetFeature* feature = info.find(feature_name);
    if (feature == nullptr || feature->shape.size() != 1) {
      throw Error(file.string(), fmt::format("no one-dimensional feature '{}'", feature_name),
                  "only recordings with observation.state and action can be used");
    }
    const auto found = stats.find(feature_name);
    *fields = derive_fields(*feature, found == stats.end() ? nullptr : &found->second);
  }
  for (const DatasetFeature& feature : info.features) {
    if (feature.dtype != "video" && feature.dtype != "image") continue;
    if (!feature.is_depth_map) e.cameras.push_back(camera_of(file, feature));
  }
  e.validate();
  return e;
}

nlohmann::ordered_json stats_json(const Stats& stats, bool image) {
  nlohmann::ordered_json j;
  const std::pair<const char*, const std::vector<double>*> entries[] = {
      {"min", &stats.min}, {"max", &stats.max}, {"mean", &stats.mean},
      {"std", &stats.std}, {"q01", &stats.q01}, {"q10", &stats.q10},
      {"q50", &stats.q50}, {"q90", &stats.q90}, {"q99", &stats.q99}};
  for (const auto& [name, values] : entries) {
    if (values->empty()) continue;
    j[name] = nlohmann::ordered_json::array();
    for (double value : *values) {
      using Json = nlohmann::ordered_json;
      j[name].push_back(image ? Json::array({Json::array({value})}) : Json(value));
    }
  }
  j["count"] = {stats.count};
  return j;
}

Stats stats_from_json(const json& j) {
  Stats stats;
  const std::pair<const char*, std::vector<double>*> entries[] = {
      {"min", &stats.min}, {"max", &stats.max}, {"mean", &stats.mean},
      {"std", &stats.std}, {"q01", &stats.q01}, {"q10", &stats.q10},
      {"q50", &stats.q50}, {"q90", &stats.q90}, {"q99", &stats.q99}};
  for (const auto& [name, values] : entries) {
    if (j.contains(name)) collect_numbers(j.at(name), *values);
  }
  if (j.contains("count")) {
    std::vector<double> count;
    collect_numbers(j.at("count"), count);
    if (!count.empty()) stats.count = static_cast<int64_t>(count[0]);
  }
  return stats;
}

}  // namespace gyre::data
