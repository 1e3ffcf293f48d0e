#pragma once

#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/data/frame_set.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/config.h"

namespace gyre::train {

// A dataset as the checkpoint records it (`about["data"]`).
struct DataOrigin {
  std::string name;  // folder, or contract
  std::string hash;  // Dataset::hash() or FrameSet::content_hash()
  int64_t episodes = 0, frames = 0;
};

// Frames to learn from, and how much. Within a source each embodiment has the same share, within
// those each frame. The frames that are there when training begins count; later ones do not.
struct Source {
  const data::FrameSet* frames = nullptr;
  double weight = 1;
  std::vector<float> targets;       // [frames->size()]: above 0 where the recorded action is one to
                                    // learn from; empty: everywhere
  std::vector<DataOrigin> origins;  // the datasets that `frames` were read from; empty: frames made
                                    // in memory, recorded by contract and FrameSet::content_hash()
};

// One observation to learn from.
struct Pick {
  const Source* source = nullptr;
  size_t frame = 0;
  int embodiment = 0;  // index into Mixture::embodiments()
  bool long_task = false;

  data::Sample get() const { return source->frames->frame(frame); }
};

// How often each source is drawn, and the episodes held out for validation.
class Mixture {
 public:
  // Throws Error when a source has nothing to learn from, or when two sources disagree on a
  // contract of one name.
  Mixture(std::vector<Source> sources, const ValidationConfig& validation);
  Mixture(const Mixture&) = delete;
  Mixture& operator=(const Mixture&) = delete;

  Pick draw(Rng& rng) const;
  // For the text loss: frames with a subtask, half of them from episodes of several subtasks if
  // there are any. Requires has_text().
  Pick draw_text(Rng& rng) const;
  bool has_text() const;

  // Up to ValidationConfig::frames, spread evenly over the held-out episodes.
  const std::vector<Pick>& held_out() const { return held_out_; }

  const std::vector<Embodiment>& embodiments() const { return embodiments_; }
  // Statistics over all frames of one embodiment, the quantiles widened as `widened` does. With
  // `relative`, also those of its chunks of `horizon` actions relative to the state.
  TrainedEmbodiment statistics(int embodiment, bool relative, int horizon) const;

 private:
  struct Group {
    const Source* source = nullptr;
    int embodiment = 0;
    double share = 0;               // the shares of all groups before and with this one
    std::vector<uint32_t> frames;   // targets
    std::vector<uint32_t> worded;   // of these, with a subtask, of episodes with one subtask
    std::vector<uint32_t> chained;  // of these, of episodes with several
    std::vector<bool> long_task;    // by frame of the set
  };
  int embodiment_index(const Embodiment& contract);
  void add_source(const Source& source, const ValidationConfig& validation);
  const Group& draw_group(Rng& rng) const;
  Pick pick(const Group& group, uint32_t frame) const;
  Stats relative_statistics(const TrainedEmbodiment& trained, int horizon) const;

  std::vector<Source> sources_;
  std::vector<Embodiment> embodiments_;
  std::vector<Group> groups_;
  std::vector<Pick> held_out_;
};

// Statistics whose 1 % and 99 % quantiles stand at least a quarter of the values' range and a
// twentieth of the field's range apart: a component that seldom moves would else be normalised to
// hundreds whenever it does.
Stats widened(Stats stats, const std::vector<Field>& fields);

}  // namespace gyre::train
