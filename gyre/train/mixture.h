#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/data/frame_source.h"
#include "gyre/data/sample_order.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/config.h"

namespace gyre::train {

// A dataset as the checkpoint records it (`about["data"]`).
struct DataOrigin {
  std::string name;  // folder, or contract
  std::string hash;  // Dataset::hash() or FrameSource::content_hash()
  int64_t episodes = 0, frames = 0;
  nlohmann::json made = {};  // how it can be made again (flywheel/made.h); null: not known
};

// Frames to learn from, and how much. Within a source each embodiment has the same share, within
// those each frame has one in proportion to its weight. The frames that are there when training
// begins count; later ones do not.
struct Source {
  const data::FrameSource* frames = nullptr;
  double weight = 1;
  std::vector<float> targets;       // [frames->size()]: above 0 where the recorded action is one to
                                    // learn from; empty: everywhere
  std::vector<DataOrigin> origins;  // the datasets that `frames` were read from; empty: frames made
                                    // in memory, recorded by contract and
                                    // FrameSource::content_hash()
  std::vector<float> text = {};  // [frames->size()]: above 0 where the recorded subtask is the true
                                 // one, to be learnt by the text head; empty: as `targets`
  std::vector<float> weights = {};  // [frames->size()]: how often a frame is an observation, to a
                                    // hundredth of the largest; 0: never; empty: all alike
};

// Adds the datasets of the sources that `data`, a checkpoint's about["data"], does not list yet:
// {"name", "hash", "episodes", "frames", "made"}.
void add_origins(const std::vector<Source>& sources, nlohmann::json& data);

// One observation to learn from.
struct Pick {
  const Source* source = nullptr;
  size_t frame = 0;
  int embodiment = 0;  // index into Mixture::embodiments()
  bool long_task = false;

  data::Sample get() const { return source->frames->frame(frame); }
};

// The order in which frames are drawn, and the episodes held out for validation.
class Mixture {
 public:
  // Throws Error when a source has nothing to learn from, or when two sources disagree on a
  // contract of one name.
  Mixture(std::vector<Source> sources, const ValidationConfig& validation, uint64_t seed);
  Mixture(const Mixture&) = delete;
  Mixture& operator=(const Mixture&) = delete;

  // Sample `number` of the seed's order: SampleOrder over the sources' embodiments.
  Pick draw(int64_t number) const;
  // For the text loss: frames with a subtask, half of them from episodes of several subtasks if
  // there are any. Requires has_text().
  Pick draw_text(int64_t number) const;
  bool has_text() const { return text_order_.has_value(); }

  // Up to ValidationConfig::frames, spread evenly over the held-out episodes.
  const std::vector<Pick>& held_out() const { return held_out_; }
  // The same of observations with a true subtask.
  const std::vector<Pick>& held_out_text() const { return held_out_text_; }

  const std::vector<Embodiment>& embodiments() const { return embodiments_; }
  // Statistics over all frames of one embodiment, the quantiles widened as `widened` does. With
  // `relative`, also those of its chunks of `horizon` actions relative to the state.
  TrainedEmbodiment statistics(int embodiment, bool relative, int horizon) const;

 private:
  struct Group {
    const Source* source = nullptr;
    int embodiment = 0;
    double weight = 0;
    data::FrameTable frames;      // targets
    data::FrameTable worded;      // of these, with a subtask, of episodes with one subtask
    data::FrameTable chained;     // of these, of episodes with several
    std::vector<bool> long_task;  // by frame of the source
  };
  int embodiment_index(const Embodiment& contract);
  void add_source(const Source& source, const ValidationConfig& validation);
  void set_orders(uint64_t seed);
  Pick pick(const Group& group, size_t frame) const;
  Stats kept_relative_statistics(const TrainedEmbodiment& trained, int horizon) const;
  Stats relative_statistics(const TrainedEmbodiment& trained, int horizon) const;

  std::vector<Source> sources_;
  std::vector<Embodiment> embodiments_;
  std::vector<Group> groups_;
  std::optional<data::SampleOrder> order_;       // of groups_
  std::optional<data::SampleOrder> text_order_;  // of each group's worded frames, then its chained
  std::vector<Pick> held_out_, held_out_text_;
};

// Statistics whose 1 % and 99 % quantiles stand at least a quarter of the values' range and a
// twentieth of the field's range apart: a component that seldom moves would else be normalised to
// hundreds whenever it does.
Stats widened(Stats stats, const std::vector<Field>& fields);

}  // namespace gyre::train
