#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <shared_mutex>
#include <vector>

#include "gyre/data/episode_rows.h"
#include "gyre/data/frame_source.h"

namespace gyre::data {

// Training frames whose pictures are in memory, decoded and resized: what a simulation made.
class FrameSet : public FrameSource {
 public:
  using FrameSource::FrameSource;
  ~FrameSet() override;

  // Returns the episode's index. Throws Error naming the episode when a step does not fit the
  // contract (widths, cameras, finite values). An episode without a step that can be used is
  // refused.
  int add(int embodiment, const EpisodeRows& episode,
          NonFiniteRows non_finite = NonFiniteRows::kRefuse);

  FramePixels pixels(size_t frame, int camera) const override;
  size_t memory_bytes() const override;

 private:
  mutable std::shared_mutex mutex_;
  std::deque<std::vector<uint8_t>> images_;  // of each episode: [frames, cameras, height, width, 3]
  size_t image_bytes_ = 0;
};

}  // namespace gyre::data
