#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/data/episode_rows.h"
#include "gyre/io/parquet.h"

// The two tables of LeRobotDataset v3.0's meta/ folder, and one that Gyre adds.
namespace gyre::data {

// Where the video of one episode and camera lies.
struct VideoPlace {
  int64_t file = 0;             // number over all chunks
  double from_s = 0, to_s = 0;  // inside the file
};

struct EpisodeEntry {
  int64_t index = 0;
  int64_t length = 0;     // frames
  int64_t first = 0;      // number of its first frame in the dataset
  int64_t data_file = 0;  // number over all chunks
  std::vector<std::string> tasks;
  std::vector<VideoPlace> videos;      // one for each camera
  std::map<std::string, Stats> stats;  // by feature
};

// meta/episodes/: one row an episode, with its places and statistics. `keys` are the cameras'
// features, `file` the number of the table's own file, `pictures` the features whose statistics are
// nested as pictures' are, beside those that are named so. What an episode has no statistics of is
// null. `rows` is not empty.
io::Table episodes_table(std::span<const EpisodeEntry> rows, std::span<const std::string> keys,
                         int64_t file, const std::set<std::string>& pictures = {});

// meta/tasks.parquet: the position in `tasks` is the task's number.
void write_tasks(const io::Parquet& parquet, const std::filesystem::path& file,
                 const std::vector<std::string>& tasks);

// meta/gyre_losses.parquet: pictures that were lost, as PictureLoss says, with their episode.
struct EpisodeLoss {
  int64_t episode = 0;
  PictureLoss loss;
};
void write_losses_table(const io::Parquet& parquet, const std::filesystem::path& file,
                        const std::vector<EpisodeLoss>& losses);
std::vector<EpisodeLoss> read_losses_table(const io::Parquet& parquet,
                                           const std::filesystem::path& file);

}  // namespace gyre::data
