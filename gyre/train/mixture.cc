#include "gyre/train/mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/policy/action_transform.h"
#include "gyre/train/statistics_cache.h"

namespace gyre::train {
namespace {

// Every n-th episode is held out, so that all tasks and embodiments have their part in it.
bool is_held_out(int episode, double fraction) {
  if (fraction <= 0) return false;
  const int every = std::max(2, static_cast<int>(std::lround(1 / fraction)));
  return episode % every == every / 2;
}

// Draws of each frame in an epoch of its group.
class DrawCounts {
 public:
  explicit DrawCounts(const std::vector<float>& weights) : weights_(weights) {
    if (weights.empty()) return;
    const auto [least, most] = std::ranges::minmax(weights);
    largest_ = most;
    even_ = least == most && most > 0;
  }

  uint32_t of(size_t frame) const {
    constexpr float kFinest = 100;
    if (weights_.empty()) return 1;
    const float weight = frame < weights_.size() ? weights_[frame] : 0;
    if (!(weight > 0)) return 0;
    if (even_) return 1;
    return static_cast<uint32_t>(std::max(1L, std::lround(kFinest * weight / largest_)));
  }

 private:
  const std::vector<float>& weights_;
  float largest_ = 1;
  bool even_ = true;
};

// Without labels every frame counts.
bool is_labelled(const std::vector<float>& labels, size_t frame) {
  return labels.empty() || (frame < labels.size() && labels[frame] > 0);
}

bool has_several_subtasks(const data::FrameSource& frames, const data::EpisodeInfo& episode) {
  const auto first = frames.frame(episode.first_frame).subtask;
  for (int i = 1; i < episode.frames; ++i) {
    if (frames.frame(episode.first_frame + i).subtask != first) return true;
  }
  return false;
}

// The datasets of a source: those that are named, or one for each contract.
std::vector<DataOrigin> origins_of(const Source& source) {
  if (!source.origins.empty()) return source.origins;
  const data::FrameSource& frames = *source.frames;
  std::vector<DataOrigin> origins;
  for (const Embodiment& contract : frames.embodiments()) {
    const int index = static_cast<int>(origins.size());
    origins.push_back({.name = contract.name, .hash = frames.content_hash(index)});
    for (int i = 0; i < frames.episodes(); ++i) {
      const data::EpisodeInfo episode = frames.episode(i);
      if (episode.embodiment != index) continue;
      ++origins.back().episodes;
      origins.back().frames += episode.frames;
    }
  }
  return origins;
}

}  // namespace

void add_origins(const std::vector<Source>& sources, nlohmann::json& data) {
  for (const Source& source : sources) {
    for (const DataOrigin& origin : origins_of(source)) {
      if (std::ranges::any_of(data, [&](const auto& at) { return at["hash"] == origin.hash; })) {
        continue;
      }
      data.push_back({{"name", origin.name},
                      {"hash", origin.hash},
                      {"episodes", origin.episodes},
                      {"frames", origin.frames}});
      if (!origin.made.is_null()) data.back()["made"] = origin.made;
    }
  }
}

Mixture::Mixture(std::vector<Source> sources, const ValidationConfig& validation, uint64_t seed)
    : sources_(std::move(sources)) {
  if (sources_.empty()) throw Error("training data", "there is none");
  for (const Source& source : sources_) add_source(source, validation);

  set_orders(seed);

  const size_t wanted = std::max(0, validation.frames);
  for (std::vector<Pick>* picks : {&held_out_, &held_out_text_}) {
    if (picks->size() <= wanted) continue;
    std::vector<Pick> kept;
    for (size_t i = 0; i < wanted; ++i) kept.push_back((*picks)[i * picks->size() / wanted]);
    *picks = std::move(kept);
  }
}

int Mixture::embodiment_index(const Embodiment& contract) {
  for (size_t i = 0; i < embodiments_.size(); ++i) {
    if (embodiments_[i].name != contract.name) continue;
    require_same_contract(embodiments_[i], "training data", contract, "other training data");
    return static_cast<int>(i);
  }
  embodiments_.push_back(contract);
  return static_cast<int>(embodiments_.size()) - 1;
}

void Mixture::add_source(const Source& source, const ValidationConfig& validation) {
  const data::FrameSource& set = *source.frames;
  const size_t size = set.size();
  if (source.targets.size() > size || source.weights.size() > size || source.text.size() > size) {
    throw Error("training data", "has labels for frames that it has not");
  }
  const DrawCounts counts(source.weights);
  std::vector<Group> groups;
  for (const Embodiment& contract : set.embodiments()) {
    groups.push_back({.source = &source,
                      .embodiment = embodiment_index(contract),
                      .long_task = std::vector<bool>(size, false)});
  }

  const int episodes = set.episodes();
  for (int e = 0; e < episodes; ++e) {
    const data::EpisodeInfo episode = set.episode(e);
    Group& group = groups[episode.embodiment];
    const bool held_out = is_held_out(e, validation.fraction);
    const bool chained = has_several_subtasks(set, episode);
    for (int i = 0; i < episode.frames; ++i) {
      const size_t frame = episode.first_frame + i;
      if (frame >= size) break;
      const bool acts = is_labelled(source.targets, frame);
      const bool says = !set.frame(frame).subtask.empty() &&
                        (source.text.empty() ? acts : is_labelled(source.text, frame));
      const uint32_t times = counts.of(frame);
      if (times == 0 || (!acts && !says)) continue;
      group.long_task[frame] = chained;
      if (held_out) {
        if (acts) held_out_.push_back(pick(group, frame));
        if (says) held_out_text_.push_back(pick(group, frame));
        continue;
      }
      if (acts) group.frames.add(frame, times);
      if (!says) continue;
      (chained ? group.chained : group.worded).add(frame, times);
    }
  }

  std::erase_if(groups, [](const Group& group) { return group.frames.empty(); });
  if (groups.empty()) throw Error("training data", "has no action to learn from");
  for (Group& group : groups) {
    group.weight = source.weight / static_cast<double>(groups.size());
    groups_.push_back(std::move(group));
  }
}

void Mixture::set_orders(uint64_t seed) {
  std::vector<data::SampleOrder::Group> all, text;
  bool any_text = false;
  for (const Group& group : groups_) {
    all.push_back({.weight = group.weight, .size = group.frames.size()});
    const bool both = !group.worded.empty() && !group.chained.empty();
    const double weight = both ? group.weight / 2 : group.weight;
    text.push_back({.weight = weight, .size = group.worded.size()});
    text.push_back({.weight = weight, .size = group.chained.size()});
    any_text = any_text || (group.weight > 0 && !(group.worded.empty() && group.chained.empty()));
  }
  order_.emplace(seed, all);
  if (any_text) text_order_.emplace(~seed, text);
}

Pick Mixture::pick(const Group& group, size_t frame) const {
  return {group.source, frame, group.embodiment, group.long_task[frame]};
}

Pick Mixture::draw(int64_t number) const {
  const auto place = order_->at(static_cast<uint64_t>(number));
  const Group& group = groups_[place.group];
  return pick(group, group.frames.at(place.index));
}

Pick Mixture::draw_text(int64_t number) const {
  const auto place = text_order_->at(static_cast<uint64_t>(number));
  const Group& group = groups_[place.group / 2];
  const data::FrameTable& frames = place.group % 2 == 0 ? group.worded : group.chained;
  return pick(group, frames.at(place.index));
}

TrainedEmbodiment Mixture::statistics(int embodiment, bool relative, int horizon) const {
  const Embodiment& contract = embodiments_[embodiment];
  std::vector<Stats> state, action;
  for (const Source& source : sources_) {
    const auto contracts = source.frames->embodiments();
    for (size_t i = 0; i < contracts.size(); ++i) {
      if (contracts[i].name != contract.name) continue;
      state.push_back(source.frames->state_stats(static_cast<int>(i)));
      action.push_back(source.frames->action_stats(static_cast<int>(i)));
    }
  }
  TrainedEmbodiment trained{.contract = contract,
                            .state = widened(merge_stats(state), contract.state),
                            .action = widened(merge_stats(action), contract.action),
                            .relative_to = {},
                            .relative_action = {}};
  if (relative) {
    trained.relative_to = relative_fields(contract);
    trained.relative_action = kept_relative_statistics(trained, horizon);
  }
  return trained;
}

// Millions of chunks take a while, and are the same ones on every run.
Stats Mixture::kept_relative_statistics(const TrainedEmbodiment& trained, int horizon) const {
  constexpr size_t kWorthKeeping = 100'000;  // frames
  Sha256 content;
  content.update(
      fmt::format("relative actions 1 {} {}", trained.contract.contract_hash(), horizon));
  size_t frames = 0;
  for (const Source& source : sources_) {
    frames += source.frames->size();
    const auto contracts = source.frames->embodiments();
    for (size_t i = 0; i < contracts.size(); ++i) {
      if (contracts[i].name != trained.contract.name) continue;
      content.update(source.frames->content_hash(static_cast<int>(i)));
    }
  }
  if (frames < kWorthKeeping) return relative_statistics(trained, horizon);
  const StatisticsCache cache;
  const std::string key = content.hex();
  if (std::optional<Stats> kept = cache.find(key)) return *std::move(kept);
  Stats stats = relative_statistics(trained, horizon);
  cache.keep(key, stats);
  return stats;
}

Stats Mixture::relative_statistics(const TrainedEmbodiment& trained, int horizon) const {
  const size_t width = trained.contract.action.size();
  std::vector<RunningStats> running(horizon, RunningStats(width));
  std::vector<float> chunk(horizon * width);
  std::vector<uint8_t> is_pad(horizon);
  for (const Source& source : sources_) {
    for (size_t i = 0; i < source.frames->size(); ++i) {
      const data::Sample frame = source.frames->frame(i);
      if (!frame.usable) continue;
      if (source.frames->embodiments()[frame.embodiment].name != trained.contract.name) continue;
      source.frames->action_chunk(i, horizon, chunk, is_pad);
      make_relative(trained.relative_to, frame.state, chunk);
      for (int h = 0; h < horizon && is_pad[h] == 0; ++h) {
        if (!source.frames->frame(i + static_cast<size_t>(h)).usable) break;
        running[h].add(std::span(chunk).subspan(h * width, width));
      }
    }
  }
  std::vector<Stats> steps;
  for (int h = 0; h < horizon; ++h) {
    // No episode is that long: the last action that some chunk had stands for those beyond.
    if (running[h].count() == 0) running[h] = running[h - 1];
    steps.push_back(running[h].stats());
  }
  // A motion may be small against its joint's range: that range says nothing here.
  return widened(concatenate_stats(steps), std::vector<Field>(horizon * width));
}

Stats widened(Stats stats, const std::vector<Field>& fields) {
  for (size_t i = 0; i < stats.dim(); ++i) {
    const double least = std::max(
        {0.25 * (stats.max[i] - stats.min[i]), 0.05 * (fields[i].max - fields[i].min), 1e-3});
    const double missing = least - (stats.q99[i] - stats.q01[i]);
    if (missing <= 0) continue;
    stats.q01[i] -= missing / 2;
    stats.q99[i] += missing / 2;
  }
  return stats;
}

}  // namespace gyre::train
