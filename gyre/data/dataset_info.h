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
constexpr const char* kVersion20 = "v2.0";
constexpr int kChunkFiles = 1000;  // files in a chunk folder

struct DatasetFeature {
  std::string name, dtype;
  std::vector<int64_t> shape;
  std::vector<std::string> names;  // feature_names()
  bool is_depth_map = false;       // pictures, but no colour camera

  // Of one row, as the shape says; -1 where that is no number of this world.
  int64_t numbers() const;
  bool is_numeric() const;  // by its dtype: numbers or truth values
};

struct DatasetInfo {
  std::string version, robot_type, data_path, video_path;
  double fps = 0;
  int64_t total_episodes = 0, total_frames = 0, chunks_size = kChunkFiles;
  std::vector<DatasetFeature> features;  // in the file's order

  const DatasetFeature* find(const std::string& name) const;
  bool has(const std::string& name) const { return find(name) != nullptr; }
};

// A file of meta/, as io::standard_json has it. Throws Error naming the file.
nlohmann::json read_json(const std::filesystem::path& file);
// Throws Error naming the file and the key that is missing, of another type or out of range.
DatasetInfo read_info(const std::filesystem::path& file);

// "data/chunk-{chunk_index:03d}/..." with the named numbers and words put in. Throws Error for an
// unknown name, and for a path that leaves the folder.
std::string fill_path(const std::string& pattern,
                      const std::vector<std::pair<std::string, int64_t>>& numbers,
                      const std::string& video_key = "");

struct FeatureKeys;  // feature_keys.h
// The contract of a recording whose writer stated none: "<robot_type>/recorded", the numbers of
// state and action as recorded_fields() names them, cameras by their features
// but for depth maps.
Embodiment derive_embodiment(const std::filesystem::path& file, const DatasetInfo& info,
                             const std::map<std::string, Stats>& stats, const FeatureKeys& keys);
constexpr std::string_view kImagePrefix = "observation.images.";

// {min, max, mean, std, count, q01 ...}; images' are nested [3][1][1].
nlohmann::ordered_json stats_json(const Stats& stats, bool image);

}  // namespace gyre::data
