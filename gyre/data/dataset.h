#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"
#include "gyre/data/episode_rows.h"
#include "gyre/data/notices.h"

namespace gyre::io {
class Parquet;
}

namespace gyre::data {

class DataFiles;
struct DatasetFeature;
struct DatasetInfo;
struct FrameTimes;
struct RowsAsked;

// One episode as the folder's index knows it.
struct DatasetEpisode {
  int64_t index = 0;
  int64_t length = 0;  // frames
  std::vector<std::string> tasks;
  std::string task_name, family;  // "" in recordings of others
  uint64_t seed = 0;
  std::optional<bool> success;
  std::string hash;     // EpisodeRows::hash() as Gyre wrote it; "" in recordings of others
  std::string missing;  // why it cannot be read ("its file ... is not here"), "" when it can

  struct Video {
    std::filesystem::path file;
    double from_s = 0;        // where the episode begins in it
    double from_slack_s = 0;  // how far off that is because of its own precision
  };
  std::filesystem::path data_file;
  std::vector<Video> videos;  // one for each video feature
};

// The pictures of one camera in an episode.
struct PictureTrack {
  std::filesystem::path file;   // "": they are in a column of the rows
  std::vector<double> seconds;  // [frames], when each is in the file; empty where they follow each
  double from_s = 0, fps = 0;   // ... other evenly from here on
  double tolerance_s = 0;       // how far a frame of the file may be from that

  double time_s(size_t row) const {
    return seconds.empty() ? from_s + static_cast<double>(row) / fps : seconds[row];
  }
};

// An episode whose pictures stay where they are.
struct EpisodeOnDisk {
  EpisodeRows rows;                  // without pictures, and without what only analysis needs
  std::vector<PictureTrack> tracks;  // [C], in the contract's order
};

struct ReadOptions {
  int image_width = 0;               // 0: as recorded
  int image_height = 0;              // 0: as recorded
  bool images = true;                // false: numbers and words alone
  std::vector<std::string> cameras;  // empty: all, in the contract's order
};

struct OpenOptions {
  // The features that are `observation.state` and `action` (feature_keys.h: --key-map).
  std::map<std::string, std::vector<std::string>> keys;
  std::vector<std::string> cameras = {};  // depth maps that the contract shall hold as cameras
  // How far a recorded time may be from frame_index / fps and from a video's frame. LeRobot's.
  double time_tolerance_s = 1e-4;
  // Takes lines for a person, each once: a guess, a repair, what was passed over.
  Notices::Tell tell = {};
  // Opens a folder too of which nothing can be learnt, to say what is there: obstacle(), damage().
  bool inspect = false;
};

// A LeRobotDataset folder, v3.0, v2.1 or v2.0, written by Gyre or by others. Const and thread-safe
// after opening. Paths are taken as they are, links are followed, hidden files passed over; the
// folder may be read-only.
class Dataset {
 public:
  // Reads the folder's meta/. Throws Error naming the file and key when it is missing, broken, of
  // another version, or does not say which features are state and action.
  explicit Dataset(std::filesystem::path folder, const OpenOptions& options = {});
  ~Dataset();

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& version() const { return version_; }  // "v3.0", "v2.1", "v2.0"
  // With OpenOptions::inspect: why nothing can be learnt from the folder, "" when it can ...
  const std::string& obstacle() const { return obstacle_; }
  // ... or what of meta/ is broken, "" when nothing is.
  const std::string& damage() const { return damage_; }
  // The contract that Gyre wrote; of others' recordings one that is derived from the names, ranges
  // (units unknown) and frame rate that they state.
  // Throws Error where obstacle() says something.
  const Embodiment& embodiment() const;
  bool has_contract() const { return has_contract_; }  // Gyre wrote it
  double fps() const;
  const std::vector<DatasetFeature>& features() const;  // in the order of meta/info.json
  // The features that are state and action, joined in this order.
  const std::vector<std::string>& state_keys() const { return state_keys_; }
  const std::vector<std::string>& action_keys() const { return action_keys_; }
  int64_t total_frames() const;  // as stated, missing episodes included
  // Depth maps, which are no cameras of a derived contract unless OpenOptions asks for them.
  const std::vector<CameraSpec>& depth_maps() const { return depth_maps_; }
  // Of a derived contract: each camera whose first picture cannot be read or has another size than
  // is stated.
  std::vector<std::string> picture_warnings() const;

  // All, in the order of their numbers, in which there may be gaps.
  const std::vector<DatasetEpisode>& episodes() const { return episodes_; }
  // By its number. Throws Error when there is none.
  const DatasetEpisode& episode(int64_t index) const;
  std::vector<int64_t> present() const;
  std::vector<int64_t> missing() const;
  // Of a feature, as stated in meta/; "observation.state" and "action" also where others are joined
  // to them. Nothing when it is not stated; parts of it that are not stated, or not finite, are
  // empty.
  std::optional<Stats> stats(const std::string& feature) const;
  // 16 hex digits over the meta/ files: what a policy's card names as its data.
  std::string hash() const;

  // Throws Error naming the file when it is missing, truncated or does not hold the episode.
  EpisodeRows read(int64_t episode_index, const ReadOptions& options = {}) const;
  // The part that training needs: the rows, and where their pictures are.
  EpisodeOnDisk read_on_disk(int64_t episode_index) const;

 private:
  void read_meta(const OpenOptions& options);
  void read_index(const io::Parquet& parquet);
  void read_contract(const OpenOptions& options);
  void find_cameras(const std::filesystem::path& info_file, const std::vector<std::string>& asked);
  void tell_unused() const;
  struct Episode;  // that is being read
  Episode read_rows(int64_t episode_index, const std::vector<size_t>& cameras, bool complete) const;
  void read_track(const DatasetEpisode::Video& video, const FrameTimes& times,
                  const std::function<void(size_t, const Image&)>& put) const;

  std::filesystem::path folder_;
  std::string version_, obstacle_, damage_;
  std::unique_ptr<DatasetInfo> info_;
  Embodiment embodiment_;
  bool has_contract_ = false;
  double time_tolerance_s_ = 0;
  std::vector<std::string> state_keys_, action_keys_;
  std::vector<DatasetEpisode> episodes_;
  std::map<std::string, Stats> stats_;
  std::unique_ptr<RowsAsked> asked_;
  // Where each camera's pictures are: a track among DatasetEpisode::videos, or a column.
  struct Camera {
    std::string column;  // "" for a video
    size_t track = 0;
    bool asked = false;  // OpenOptions names it
  };
  // Of the episode's first picture; zeros where its table has none.
  CameraSpec recorded_size(const DatasetEpisode& episode, const Camera& camera) const;
  std::vector<Camera> cameras_;
  std::vector<CameraSpec> depth_maps_;
  std::shared_ptr<const io::Parquet> parquet_;
  std::shared_ptr<const DataFiles> files_;
};

}  // namespace gyre::data
