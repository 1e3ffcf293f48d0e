#pragma once

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
#include "gyre/data/dataset_decode_queue.h"
#include "gyre/data/dataset_picture_load.h"
#include "gyre/data/dataset_picture_store.h"
#include "gyre/data/dataset_video_pool.h"
#include "gyre/data/frame_set.h"

namespace gyre::data {

struct LoadOptions {
  // Most memory for rows, decoded pictures, open videos with their decoders, and FFmpeg's code
  // together. Rows that leave less than a hundred pictures' room are refused.
  size_t memory_bytes = size_t{2} << 30;
  int workers = 0;  // threads that decode ahead while others leave them time, 0: one a core
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
  // Begins to write pictures, [pictures, height, width, 3], straight into `out`, by threads of its
  // own; those that were decoded before are copied. Ends before this does. Throws Error for room of
  // another size.
  PictureLoad load(std::span<const PictureAsked> pictures, std::span<uint8_t> out) const;

 private:
  struct Track {
    int file = 0;
    PictureTrack place;  // without its path
  };
  const Track* track_of(size_t frame, int camera, int* row) const;  // null: in memory
  PictureStore& begun() const;                                      // the store
  int workers() const;
  PictureLoaders& loaders() const;
  void serve() const;
  void carry_out(const PictureJob& job) const;
  // Decodes what there is room for and gives the rest back to the queue; at least `asked`, or
  // returns false.
  bool decode(DecodeQueue::Job job, std::optional<uint64_t> asked) const;
  void write(const io::VideoPicture& picture, std::span<uint8_t> rgb) const;

  LoadOptions options_;
  std::deque<std::vector<Track>> tracks_;  // of each episode and camera; none: in memory
  mutable VideoPool pool_;
  mutable std::once_flag begin_;
  mutable std::unique_ptr<PictureStore> store_;
  mutable DecodeQueue queue_;
  mutable std::once_flag begin_threads_, begin_loaders_;
  mutable std::vector<std::thread> threads_;
  mutable std::unique_ptr<PictureLoaders> loaders_;
};

}  // namespace gyre::data
