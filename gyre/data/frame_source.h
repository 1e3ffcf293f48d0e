#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/stats.h"
#include "gyre/data/episode_rows.h"

namespace gyre::data {

// One training observation; its spans point into the source and live as long as it does.
struct Sample {
  int embodiment = 0;             // index into FrameSource::embodiments()
  int episode = 0;                // index into FrameSource::episode()
  int index = 0;                  // within the episode
  int remaining = 0;              // frames from this one to the episode's end, this one counted
  std::span<const float> state;   // [S], robot units
  std::span<const float> action;  // [D], robot units
  std::string_view task;          // the instruction in words
  std::string_view subtask;       // "" when none was recorded
  Source source = Source::kPolicy;
  bool intervention = false;
  bool usable = true;                // false: a hole, see NonFiniteRows
  std::optional<bool> success;       // of the whole episode
  std::span<const float> grounding;  // [cameras, 2, 3], or empty when not recorded
};

// A picture in memory, and what keeps it there.
struct FramePixels {
  std::span<const uint8_t> rgb;  // [height, width, 3]
  std::shared_ptr<const void> hold;
};

struct PictureAsked {
  size_t frame = 0;
  int camera = 0;
};

// Facts about an episode beside its frames.
struct EpisodeInfo {
  int embodiment = 0;
  size_t first_frame = 0;
  int frames = 0;
  int holes = 0;  // of them, not usable
  std::string task_name, family, instruction, hash;
  uint64_t seed = 0;
  std::optional<bool> success;
};

// A row whose state or action holds a value that is not finite is refused or dropped. Dropped, it
// is a hole: neither an observation nor a target nor counted in statistics, and no chunk is learnt
// beyond it. Its place holds the values of the row before (or after), so that frames keep their
// times.
enum class NonFiniteRows { kRefuse, kDrop };

// Training frames with random access: numbers and words in memory, column by column, and pictures
// of one size from wherever a derived class keeps them. May hold several contracts (so101/ee and
// panda/ee) when they have the same number of cameras. Adding and reading may go on at once from
// several threads; frames keep their index and address.
class FrameSource {
 public:
  // Throws Error for an empty size.
  FrameSource(int image_width, int image_height);
  virtual ~FrameSource();
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;

  // The index of this contract, which is added when it is new. Throws Error when it is invalid or
  // has another number of cameras than those before.
  int add_embodiment(const Embodiment& embodiment);

  size_t size() const;  // frames
  int episodes() const;
  int cameras() const;  // 0 before the first contract
  int image_width() const { return width_; }
  int image_height() const { return height_; }
  std::vector<Embodiment> embodiments() const;
  EpisodeInfo episode(int index) const;

  Sample frame(size_t index) const;
  // The picture of one camera, which may have to be decoded. Throws Error where it is damaged.
  virtual FramePixels pixels(size_t frame, int camera) const = 0;
  // These pictures will be asked for next; threads of the source's own may begin with them.
  virtual void ahead(std::span<const PictureAsked> /*pictures*/) const {}

  // The actions that followed frame `index`: chunk [horizon, D], row-major, in robot units. Beyond
  // the episode's end the last action is repeated and `is_pad` [horizon] is 1.
  void action_chunk(size_t index, int horizon, std::span<float> chunk,
                    std::span<uint8_t> is_pad) const;
  // The frames at `offsets_s` from frame `index` (LeRobot's delta_timestamps): [offsets], of any
  // feature. Before the episode's begin its first frame stands, beyond its end the last, and
  // `is_pad` is 1. Throws Error for an offset that is no whole number of action periods, within
  // 1e-4 s.
  void window(size_t index, std::span<const double> offsets_s, std::span<size_t> frames,
              std::span<uint8_t> is_pad) const;

  // [size()], 0 for holes, 1 for all others, as train::Source takes it; empty without holes.
  std::vector<float> targets() const;

  // Over all usable frames of one contract, counted as they were added. Throws Error when there are
  // none.
  Stats state_stats(int embodiment) const;
  Stats action_stats(int embodiment) const;
  // SHA-256 over a contract, the picture size and the hashes of its episodes in order; 64 hex
  // digits.
  std::string content_hash(int embodiment) const;
  // Memory of numbers, words and the pictures that are there for good.
  virtual size_t memory_bytes() const;

 protected:
  struct Block;  // one episode
  // Throws Error naming the episode when a step does not fit the contract (widths, finite values).
  // An episode without a step that can be used is refused.
  std::shared_ptr<Block> make_block(int embodiment, const EpisodeRows& episode,
                                    NonFiniteRows non_finite) const;
  // Returns the episode's index, under which its pictures must be there already.
  int publish(std::shared_ptr<Block> block);
  struct Place {
    int episode = 0;
    int row = 0;
  };
  Place place_of(size_t frame) const;

 private:
  std::pair<const Block*, int> find(size_t frame) const;  // and the episode's index

  const int width_, height_;
  mutable std::shared_mutex mutex_;
  std::vector<Embodiment> embodiments_;
  std::vector<RunningStats> states_, actions_;  // of each contract
  std::vector<std::shared_ptr<const Block>> blocks_;
  size_t frames_ = 0, bytes_ = 0;
};

}  // namespace gyre::data
