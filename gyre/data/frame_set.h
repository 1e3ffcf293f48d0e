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

// One training observation; its spans point into the set and live as long as it does.
struct Sample {
  int embodiment = 0;               // index into FrameSet::embodiments()
  int episode = 0;                  // index into FrameSet::episode()
  int index = 0;                    // within the episode
  int remaining = 0;                // frames from this one to the episode's end, this one counted
  std::span<const uint8_t> images;  // [cameras, height, width, 3]
  std::span<const float> state;     // [S], robot units
  std::string_view task;            // the instruction in words
  std::string_view subtask;         // "" when none was recorded
  Source source = Source::kPolicy;
  bool intervention = false;
  bool usable = true;                // false: a hole, see NonFiniteRows
  std::optional<bool> success;       // of the whole episode
  std::span<const float> grounding;  // [cameras, 2, 3], or empty when not recorded
};

// What the set keeps about an episode beside its frames.
struct EpisodeInfo {
  int embodiment = 0;
  size_t first_frame = 0;
  int frames = 0;
  int holes = 0;  // of them, not usable
  std::string task_name, family, instruction, hash;
  uint64_t seed = 0;
  std::optional<bool> success;
};

// What becomes of a row whose state or action holds a value that is not finite. Dropped, it is a
// hole: neither an observation nor a target nor counted in statistics, and no chunk is learnt
// beyond it. Its place holds the values of the row before (or after), so that frames keep their
// times.
enum class NonFiniteRows { kRefuse, kDrop };

// Training frames in memory, decoded: what the trainer samples from. May hold several contracts
// (so101/ee and panda/ee) when they have the same number of cameras; images are resized to one
// size. Adding and reading may go on at once from several threads; frames keep their index and
// address.
class FrameSet {
 public:
  // Throws Error for an empty size.
  FrameSet(int image_width, int image_height);
  ~FrameSet();
  FrameSet(const FrameSet&) = delete;
  FrameSet& operator=(const FrameSet&) = delete;

  // The index of this contract, which is added when it is new. Throws Error when it is invalid or
  // has another number of cameras than those before.
  int add_embodiment(const Embodiment& embodiment);
  // Returns the episode's index. Throws Error naming the episode when a step does not fit the
  // contract (widths, cameras, finite values). An episode without a step that can be used is
  // refused.
  int add(int embodiment, const EpisodeRows& episode,
          NonFiniteRows non_finite = NonFiniteRows::kRefuse);

  size_t size() const;  // frames
  int episodes() const;
  int cameras() const;  // 0 before the first contract
  int image_width() const { return width_; }
  int image_height() const { return height_; }
  std::vector<Embodiment> embodiments() const;
  EpisodeInfo episode(int index) const;

  Sample frame(size_t index) const;
  // The actions that followed frame `index`: chunk [horizon, D], row-major, in robot units. Beyond
  // the episode's end the last action is repeated and `is_pad` [horizon] is 1.
  void action_chunk(size_t index, int horizon, std::span<float> chunk,
                    std::span<uint8_t> is_pad) const;

  // [size()], 0 for holes, 1 for all others, as train::Source takes it; empty without holes.
  std::vector<float> targets() const;

  // Over all usable frames of one contract. Throws Error when there are none.
  Stats state_stats(int embodiment) const;
  Stats action_stats(int embodiment) const;
  // SHA-256 over a contract, the picture size and the hashes of its episodes in order; 64 hex
  // digits.
  std::string content_hash(int embodiment) const;
  size_t memory_bytes() const;

 private:
  struct Block;                                           // one episode
  std::pair<const Block*, int> find(size_t frame) const;  // and the episode's index
  Stats statistics(int embodiment, bool of_action) const;

  const int width_, height_;
  mutable std::shared_mutex mutex_;
  std::vector<Embodiment> embodiments_;
  std::vector<std::unique_ptr<const Block>> blocks_;
  size_t frames_ = 0;
};

}  // namespace gyre::data
