#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/dataset_stats.h"
#include "gyre/data/dataset_tables.h"
#include "gyre/data/episode_rows.h"
#include "gyre/io/video.h"

namespace gyre::data {

// The video files of one camera of a dataset that is being written. Episodes are joined into one
// file without a second encode until it is large enough. A file has as many frames as its episodes
// have rows, or an Error says so.
class DatasetVideo {
 public:
  struct Options {
    std::filesystem::path stage;  // where files are written, by their names in the dataset
    int fps = 10;
    io::VideoOptions video;
    int64_t file_bytes = 0;  // a new file is begun before one grows beyond
  };
  DatasetVideo(CameraSpec camera, Options options);
  ~DatasetVideo();
  DatasetVideo(DatasetVideo&&) noexcept;

  const std::string& key() const { return key_; }  // "observation.images.front"
  // The dataset in `folder` holds that many files of this camera. `write_on`: the last is written
  // on when it is small enough and of the same form.
  void resume(const std::filesystem::path& folder, int64_t files, bool write_on);

  struct Added {
    VideoPlace place;
    PixelCounts pixels;
    std::vector<PictureLoss> losses;  // pictures that are damaged
  };
  // The pictures of camera `index` of an episode, a frame for each row. Packets of H.264 go into
  // the file as they were recorded where each row has the picture after that of the row before;
  // otherwise the pictures are encoded again. A damaged picture repeats the one before.
  Added add(const EpisodeRows& episode, size_t index);
  // Ends the present file; add() begins the next.
  void finish();

 private:
  CameraSpec camera_;
  Options options_;
  std::string key_;
  std::filesystem::path known_;                  // file to write on; "": none
  std::unique_ptr<io::VideoJoiner> file_;        // that is open
  int64_t number_ = 0, bytes_ = 0, frames_ = 0;  // of the present file
  double end_s_ = 0;

  std::filesystem::path name() const;
  void begin();
  bool write_packets(const EpisodeRows& episode, size_t index, const std::filesystem::path& part,
                     Added& added) const;
  void encode(const EpisodeRows& episode, size_t index, const std::filesystem::path& part,
              Added& added) const;
};

}  // namespace gyre::data
