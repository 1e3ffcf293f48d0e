#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"
#include "gyre/data/episode_rows.h"

namespace gyre::io {
class Parquet;
struct Table;
}  // namespace gyre::io

namespace gyre::data {

// One episode as the folder's index knows it.
struct DatasetEpisode {
  int64_t index = 0;
  int64_t length = 0;  // frames
  std::vector<std::string> tasks;
  std::string task_name, family;  // "" in recordings of others
  uint64_t seed = 0;
  std::optional<bool> success;
  std::string missing;  // the file that is not here (a partial download), "" when all are

  struct Video {
    std::filesystem::path file;
    double from_s = 0;  // where the episode begins in it
  };
  std::filesystem::path data_file;
  std::vector<Video> videos;  // one for each video feature
};

struct ReadOptions {
  int image_width = 0;               // 0: as recorded
  int image_height = 0;              // 0: as recorded
  bool images = true;                // false: numbers and words alone
  std::vector<std::string> cameras;  // empty: all, in the contract's order
};

// A LeRobotDataset folder, v3.0 or v2.1, written by Gyre or by others. Const and thread-safe after
// opening.
class Dataset {
 public:
  // Reads the folder's meta/. Throws Error naming the file and key when it is missing, broken or of
  // another version.
  explicit Dataset(std::filesystem::path folder);
  ~Dataset();

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& version() const { return version_; }  // "v3.0", "v2.1"
  // The contract that Gyre wrote; of others' recordings one that is derived from the names, ranges
  // (units unknown) and frame rate that they state.
  const Embodiment& embodiment() const { return embodiment_; }
  bool has_contract() const { return has_contract_; }  // Gyre wrote it
  int fps() const { return fps_; }
  int64_t total_frames() const { return total_frames_; }  // as stated, missing episodes included

  const std::vector<DatasetEpisode>& episodes() const { return episodes_; }  // all, by index
  std::vector<int64_t> present() const;
  std::vector<int64_t> missing() const;
  // Of a feature ("action"), as stated in meta/; nothing when it is not stated.
  std::optional<Stats> stats(const std::string& feature) const;
  // 16 hex digits over the meta/ files: what a policy's card names as its data.
  std::string hash() const;

  // Throws Error naming the file when it is missing, truncated or does not hold the episode.
  EpisodeRows read(int64_t episode_index, const ReadOptions& options = {}) const;

 private:
  void read_meta();
  io::Table rows_of(const DatasetEpisode& episode, const std::vector<std::string>& columns) const;

  std::filesystem::path folder_;
  std::string version_;
  Embodiment embodiment_;
  bool has_contract_ = false;
  int fps_ = 0;
  int64_t total_frames_ = 0;
  std::vector<DatasetEpisode> episodes_;
  std::map<int64_t, std::string> tasks_;
  std::map<std::string, Stats> stats_;
  std::vector<std::string> columns_;  // those of the data files that reading knows
  // Where each camera's pictures are: a track among DatasetEpisode::videos, or a column.
  struct Camera {
    std::string column;  // "" for a video
    size_t track = 0;
  };
  std::vector<Camera> cameras_;
  std::shared_ptr<const io::Parquet> parquet_;
  struct LastFile;
  std::shared_ptr<LastFile> last_file_;
};

}  // namespace gyre::data
