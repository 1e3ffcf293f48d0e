#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_picture_store.h"
#include "gyre/data/dataset_video_pool.h"
#include "gyre/data/frame_set.h"

namespace gyre::data {

struct LoadOptions {
  // Most memory for rows, decoded pictures and open videos together. Rows that leave less than a
  // hundred pictures' room are refused.
  size_t memory_bytes = size_t{2} << 30;
  int workers = 0;  // threads that decode ahead, 0: one a core
  // Brings a recorded picture to the source's size; io::resize() without one.
  std::function<Image(const Image&, int width, int height)> fit = {};
};

// Training frames of dataset folders: rows in memory, pictures decoded from their videos when they
// are asked for, or ahead by threads of its own. Holds episodes that were made in memory too. All
// episodes are added before the first picture is asked for.
class DatasetFrames : public FrameSet {
 public:
  DatasetFrames(int image_width, int image_height, LoadOptions options = {});
  ~DatasetFrames() override;

  // An episode of `dataset` as Dataset::read_on_disk() gave it; returns its index here. Pictures
  // that are in columns of the rows come into memory at once. Throws Error as FrameSet::add() does,
  // and when the rows take more than the memory that is allowed.
  int add_on_disk(int embodiment, const Dataset& dataset, int64_t index, EpisodeOnDisk episode,
                  NonFiniteRows non_finite = NonFiniteRows::kRefuse);
  // VideoPool::check() of all videos.
  void check_videos(const std::function<bool(int64_t done, int64_t total)>& goes_on = {}) const {
    pool_.check(goes_on);
  }

  FramePixels pixels(size_t frame, int camera) const override;
  void ahead(std::span<const PictureAsked> pictures) const override;

 private:
  struct Track {
    int file = 0;
    PictureTrack place;  // without its path
  };
  struct Wanted {
    const Track* track = nullptr;
    double time_s = 0;
    PictureStore::Room room;
  };
  using Job = std::vector<Wanted>;  // neighbours in one file, ascending

  PictureStore& begun() const;  // the store, after the first call with threads beside it
  void serve() const;
  void decode(Job& job) const;
  void write(const io::VideoPicture& picture, std::span<uint8_t> rgb) const;

  LoadOptions options_;
  std::deque<std::vector<Track>> tracks_;  // of each episode and camera; none: in memory
  mutable VideoPool pool_;
  mutable std::once_flag begin_;
  mutable std::unique_ptr<PictureStore> store_;
  mutable std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  mutable std::condition_variable wake_;
  mutable std::deque<Job> jobs_;
  bool end_ = false;
};

}  // namespace gyre::data
