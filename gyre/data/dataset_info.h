#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"

// meta/info.json and meta/stats.json of LeRobotDataset.
namespace gyre::data {

constexpr const char* kVersion30 = "v3.0";
constexpr const char* kVersion21 = "v2.1";
constexpr int kChunkFiles = 1000;  // files in a chunk folder

struct DatasetFeature {
  std::string name, dtype;
  std::vector<int64_t> shape;
  std::vector<std::string> names;
  bool is_depth_map = false;  // pictures, but no colour camera
};

struct DatasetInfo {
  std::string version, robot_type, data_path, video_path;
  int fps = 0;
  int64_t total_episodes = 0, total_frames = 0, chunks_size = kChunkFiles;
  std::vector<DatasetFeature> features;

  const DatasetFeature* find(const std::string& name) const;
  bool has(const std::string& name) const { return find(name) != nullptr; }
};

nlohmann::json read_json(const std::filesystem::path& file);
DatasetInfo read_info(const std::filesystem::path& file);

// "data/chunk-{chunk_index:03d}/..." with the named numbers and words put in. Throws Error for an
// unknown name.
std::string fill_path(const std::string& pattern,
                      const std::vector<std::pair<std::string, int64_t>>& numbers,
                      const std::string& video_key = "");

// The contract of a recording whose writer stated none: "<robot_type>/recorded", each component of
// observation.state and action by its name with its range in `stats`, cameras by their features
// but for depth maps.
Embodiment derive_embodiment(const std::filesystem::path& file, const DatasetInfo& info,
                             const std::map<std::string, Stats>& stats);
constexpr std::string_view kImagePrefix = "observation.images.";

// {min, max, mean, std, count, q01 ...}; images' are nested [3][1][1].
nlohmann::ordered_json stats_json(const Stats& stats, bool image);
Stats stats_from_json(const nlohmann::json& json);

}  // namespace gyre::data
