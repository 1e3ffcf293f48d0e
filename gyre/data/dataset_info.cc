#include "gyre/data/dataset_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "gyre/core/error.h"
#include "gyre/data/dataset_pictures.h"
#include "gyre/data/feature_keys.h"
#include "gyre/data/feature_names.h"
#include "gyre/io/json_text.h"

namespace gyre::data {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// A whole number, also one that was written as 3.0. Throws Error naming the key.
int64_t whole_number(const ordered_json& value, const std::string& where) {
  if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{1} << 62) {
    throw Error(where, "is too large");
  }
  if (value.is_number_integer()) return value.get<int64_t>();
  const double number = value.is_number() ? value.get<double>() : 0.5;
  if (number != std::floor(number) || std::abs(number) > 9e15) {
    throw Error(where, "is no whole number", "mend it");
  }
  return static_cast<int64_t>(number);
}

std::string text_of(const ordered_json& j, const char* key, const std::string& otherwise) {
  const auto found = j.find(key);
  return found != j.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

DatasetFeature feature_of(const std::string& name, const ordered_json& entry,
                          const std::string& where) {
  DatasetFeature feature{
      .name = name, .dtype = text_of(entry, "dtype", ""), .shape = {}, .names = {}};
  if (!entry.is_object()) throw Error(where, "is no description of a feature", "mend it");
  if (const auto shape = entry.find("shape"); shape != entry.end() && shape->is_array()) {
    for (const ordered_json& size : *shape) {
      feature.shape.push_back(whole_number(size, where + "'s shape"));
    }
  } else if (shape != entry.end() && !shape->is_null()) {
    feature.shape.push_back(whole_number(*shape, where + "'s shape"));
  }
  if (entry.contains("names")) feature.names = feature_names(entry.at("names"));
  feature.is_depth_map = states_depth_map(json(entry));
  return feature;
}

// "data/chunk-{chunk_index:03d}/..." of LeRobot, where info.json states no path of its own.
const char* usual_data_path(const std::string& version) {
  return version == kVersion30
             ? "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
             : "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet";
}
const char* usual_video_path(const std::string& version) {
  return version == kVersion30
             ? "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
             : "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4";
}

}  // namespace

int64_t DatasetFeature::numbers() const {
  int64_t product = 1;
  for (const int64_t size : shape) {
    if (size < 0 || (size > 0 && product > std::numeric_limits<int64_t>::max() / size)) return -1;
    product *= size;
  }
  return product;
}

bool DatasetFeature::is_numeric() const {
  constexpr std::array<const char*, 6> kBegin = {"float", "int",    "uint",
                                                 "bool",  "double", "bfloat"};
  return std::any_of(kBegin.begin(), kBegin.end(),
                     [&](const char* begin) { return dtype.starts_with(begin); });
}

const DatasetFeature* DatasetInfo::find(const std::string& name) const {
  for (const DatasetFeature& feature : features) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

json read_json(const std::filesystem::path& file) {
  const std::string text = io::read_json_text(file);
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw Error(file.string(), fmt::format("broken JSON ({})", error.what()),
                "it may be truncated; fetch or write it again");
  }
}

DatasetInfo read_info(const std::filesystem::path& file) {
  DatasetInfo info;
  const std::string text = io::read_json_text(file);
  try {
    // The features' order is the cameras'.
    const auto j = ordered_json::parse(text);
    const auto key = [&](const char* name) {
      return fmt::format("{}: key '{}'", file.string(), name);
    };
    const auto count = [&](const char* name, int64_t otherwise) {
      const auto found = j.find(name);
      if (found == j.end() || found->is_null()) return otherwise;
      return whole_number(*found, key(name));
    };
    info.version = j.at("codebase_version");
    if (info.version != kVersion30 && info.version != kVersion21 && info.version != kVersion20) {
      throw Error(file.string(), "a LeRobotDataset of version " + info.version,
                  "convert it with LeRobot's own tools to v3.0");
    }
    info.fps = j.at("fps").get<double>();
    if (!(info.fps > 0 && std::isfinite(info.fps) && std::isfinite(1 / info.fps))) {
      throw Error(file.string(), "key 'fps' is not positive", "say how many frames a second are");
    }
    info.total_episodes = count("total_episodes", 0);
    info.total_frames = count("total_frames", 0);
    info.chunks_size = count("chunks_size", kChunkFiles);
    if (info.chunks_size <= 0) throw Error(file.string(), "key 'chunks_size' is not positive");
    info.data_path = text_of(j, "data_path", usual_data_path(info.version));
    info.video_path = text_of(j, "video_path", usual_video_path(info.version));
    info.robot_type = text_of(j, "robot_type", "");
    for (const auto& [name, entry] : j.at("features").items()) {
      info.features.push_back(
          feature_of(name, entry, fmt::format("{}: feature '{}'", file.string(), name)));
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
      const int digits =
          colon == std::string::npos ? 0 : std::clamp(std::atoi(item.c_str() + colon + 1), 0, 20);
      result += fmt::format("{:0{}d}", number->second, digits);
    } else {
      throw Error("meta/info.json", fmt::format("its path '{}' names '{}'", pattern, name),
                  "this is no path of LeRobotDataset v3.0 or v2.1");
    }
    at = close + 1;
  }
  const std::filesystem::path path(result);
  if (path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end()) {
    throw Error("meta/info.json", fmt::format("its path '{}' leaves the folder", pattern),
                "name a file below it");
  }
  return result;
}

Embodiment derive_embodiment(const std::filesystem::path& file, const DatasetInfo& info,
                             const std::map<std::string, Stats>& stats, const FeatureKeys& keys) {
  Embodiment e{.name = info.robot_type.empty() ? "unknown/recorded" : info.robot_type + "/recorded",
               .action_period_s = 1.0 / info.fps,
               .state = recorded_fields(file, info, keys.state, stats),
               .action = recorded_fields(file, info, keys.action, stats),
               .cameras = {},
               .workspace = {}};
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

}  // namespace gyre::data
