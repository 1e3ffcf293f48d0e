#include "gyre/data/frame_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/non_finite.h"

namespace gyre::data {

// Immutable once it is published.
struct FrameSource::Block {
  EpisodeInfo info;
  std::vector<float> state;        // [frames, S]
  std::vector<float> action;       // [frames, D]
  std::vector<float> grounding;    // [frames, cameras, 2, 3] or empty
  std::vector<std::string> texts;  // distinct tasks and subtasks
  std::vector<uint32_t> task;      // [frames], into texts
  std::vector<uint32_t> subtask;   // [frames], into texts
  std::vector<Source> source;      // [frames]
  std::vector<bool> intervention;  // [frames]
  std::vector<bool> hole;          // [frames], or empty where there is none

  size_t bytes() const;
};

namespace {

void require(bool good, const std::string& where, const std::string& what) {
  if (!good) throw Error(where, what, "record it with the robot's own contract");
}

void check_step(const Row& step, const Embodiment& e, const std::string& where) {
  require(
      step.state.size() == e.state.size(), where,
      fmt::format("a state of {} values, {} has {}", step.state.size(), e.name, e.state.size()));
  require(step.action.size() == e.action.size(), where,
          fmt::format("an action of {} values, {} has {}", step.action.size(), e.name,
                      e.action.size()));
  const size_t grounding = step.grounding.size();
  require(grounding == 0 || grounding == 6 * e.cameras.size(), where,
          fmt::format("grounding of {} values, not cameras x 2 x 3", grounding));
}

std::string name_of(const EpisodeRows& episode) {
  return fmt::format("episode '{}' (seed {})",
                     episode.task_name.empty() ? episode.instruction : episode.task_name,
                     episode.seed);
}

// [rows], true where a row holds a value that is not finite.
std::vector<bool> holes_of(const EpisodeRows& episode, const Embodiment& contract,
                           const std::string& where, NonFiniteRows non_finite) {
  std::vector<bool> holes;
  for (const Row& row : episode.rows) {
    const auto found = non_finite_in(row);
    if (found && non_finite == NonFiniteRows::kRefuse) {
      throw Error(fmt::format("{}, step {}", where, row.index), found->text(contract),
                  "leave the episode out");
    }
    holes.push_back(found.has_value());
  }
  require(std::find(holes.begin(), holes.end(), false) != holes.end(), where,
          "none of its steps holds finite values alone");
  return holes;
}

// The row itself, or for a hole the last one before it that is none, else the first after it.
size_t nearest_whole(const std::vector<bool>& holes, size_t row) {
  size_t at = row;
  while (at > 0 && holes[at]) --at;
  while (holes[at]) ++at;
  return at;
}

uint32_t intern(const std::string& text, std::vector<std::string>& texts) {
  const auto found = std::find(texts.begin(), texts.end(), text);
  const auto index = static_cast<uint32_t>(found - texts.begin());
  if (found == texts.end()) texts.push_back(text);
  return index;
}

template <class T>
std::span<const T> row_of(const std::vector<T>& values, size_t row, size_t rows) {
  const size_t width = values.size() / rows;
  return {values.data() + row * width, width};
}

template <class T>
size_t bytes_of(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace

FrameSource::FrameSource(int image_width, int image_height)
    : width_(image_width), height_(image_height) {
  if (width_ <= 0 || height_ <= 0) {
    throw Error("image size", fmt::format("{}x{} pixels", width_, height_), "give a positive size");
  }
}

FrameSource::~FrameSource() = default;

int FrameSource::add_embodiment(const Embodiment& embodiment) {
  embodiment.validate();
  const std::unique_lock lock(mutex_);
  const auto found = std::find(embodiments_.begin(), embodiments_.end(), embodiment);
  if (found != embodiments_.end()) return static_cast<int>(found - embodiments_.begin());
  if (!embodiments_.empty() && embodiments_[0].cameras.size() != embodiment.cameras.size()) {
    throw Error(embodiment.name,
                fmt::format("{} cameras, but {} has {}", embodiment.cameras.size(),
                            embodiments_[0].name, embodiments_[0].cameras.size()),
                "train on contracts with the same number of cameras");
  }
  embodiments_.push_back(embodiment);
  states_.emplace_back(embodiment.state.size());
  actions_.emplace_back(embodiment.action.size());
  return static_cast<int>(embodiments_.size()) - 1;
}

std::shared_ptr<FrameSource::Block> FrameSource::make_block(int embodiment,
                                                            const EpisodeRows& episode,
                                                            NonFiniteRows non_finite) const {
  const Embodiment contract = embodiments().at(embodiment);
  const std::string name = name_of(episode);
  require(!episode.rows.empty(), name, "it holds no step");
  auto block = std::make_shared<Block>();
  block->info = {.embodiment = embodiment,
                 .frames = static_cast<int>(episode.rows.size()),
                 .task_name = episode.task_name,
                 .family = episode.family,
                 .instruction = episode.instruction,
                 .hash = episode.hash(),
                 .seed = episode.seed,
                 .success = episode.success};
  const size_t frames = episode.rows.size();
  const std::vector<bool> holes = holes_of(episode, contract, name, non_finite);
  block->info.holes = static_cast<int>(std::count(holes.begin(), holes.end(), true));
  if (block->info.holes > 0) block->hole = holes;
  block->state.reserve(frames * contract.state.size());
  block->action.reserve(frames * contract.action.size());
  for (size_t row = 0; row < frames; ++row) {
    const Row& step = episode.rows[row];
    check_step(step, contract, fmt::format("{}, step {}", name, step.index));
    const Row& finite = episode.rows[nearest_whole(holes, row)];
    block->state.insert(block->state.end(), finite.state.begin(), finite.state.end());
    block->action.insert(block->action.end(), finite.action.begin(), finite.action.end());
    block->grounding.insert(block->grounding.end(), step.grounding.begin(), step.grounding.end());
    block->task.push_back(
        intern(step.task.empty() ? episode.instruction : step.task, block->texts));
    block->subtask.push_back(intern(step.subtask, block->texts));
    block->source.push_back(step.source);
    block->intervention.push_back(step.intervention);
  }
  require(
      block->grounding.empty() || block->grounding.size() == frames * 6 * contract.cameras.size(),
      name, "some steps hold grounding and some do not");
  return block;
}

size_t FrameSource::Block::bytes() const {
  size_t bytes = sizeof(Block) + bytes_of(state) + bytes_of(action) + bytes_of(grounding) +
                 bytes_of(task) + bytes_of(subtask) + bytes_of(source) +
                 (intervention.capacity() + hole.capacity()) / 8;
  for (const std::string& text : texts) bytes += sizeof(std::string) + text.capacity();
  return bytes;
}

int FrameSource::publish(std::shared_ptr<Block> block) {
  const std::unique_lock lock(mutex_);
  bytes_ += block->bytes();
  const size_t frames = block->info.frames;
  for (size_t row = 0; row < frames; ++row) {
    if (!block->hole.empty() && block->hole[row]) continue;
    states_[block->info.embodiment].add(row_of(block->state, row, frames));
    actions_[block->info.embodiment].add(row_of(block->action, row, frames));
  }
  block->info.first_frame = frames_;
  frames_ += frames;
  blocks_.push_back(std::move(block));
  return static_cast<int>(blocks_.size()) - 1;
}

size_t FrameSource::size() const {
  const std::shared_lock lock(mutex_);
  return frames_;
}

int FrameSource::episodes() const {
  const std::shared_lock lock(mutex_);
  return static_cast<int>(blocks_.size());
}

int FrameSource::cameras() const {
  const std::shared_lock lock(mutex_);
  return embodiments_.empty() ? 0 : static_cast<int>(embodiments_[0].cameras.size());
}

std::vector<Embodiment> FrameSource::embodiments() const {
  const std::shared_lock lock(mutex_);
  return embodiments_;
}

EpisodeInfo FrameSource::episode(int index) const {
  const std::shared_lock lock(mutex_);
  return blocks_.at(index)->info;
}

FrameSource::Place FrameSource::place_of(size_t frame) const {
  const auto [block, episode] = find(frame);
  return {.episode = episode, .row = static_cast<int>(frame - block->info.first_frame)};
}

std::pair<const FrameSource::Block*, int> FrameSource::find(size_t frame) const {
  const std::shared_lock lock(mutex_);
  if (frame >= frames_) {
    throw Error("training frames", fmt::format("frame {} of {}", frame, frames_));
  }
  const auto after = std::upper_bound(
      blocks_.begin(), blocks_.end(), frame,
      [](size_t f, const std::shared_ptr<const Block>& b) { return f < b->info.first_frame; });
  const auto block = std::prev(after);
  return {block->get(), static_cast<int>(block - blocks_.begin())};
}

Sample FrameSource::frame(size_t index) const {
  const auto [block, episode] = find(index);
  const size_t row = index - block->info.first_frame;
  const size_t rows = block->info.frames;
  return {.embodiment = block->info.embodiment,
          .episode = episode,
          .index = static_cast<int>(row),
          .remaining = static_cast<int>(rows - row),
          .state = row_of(block->state, row, rows),
          .action = row_of(block->action, row, rows),
          .task = block->texts[block->task[row]],
          .subtask = block->texts[block->subtask[row]],
          .source = block->source[row],
          .intervention = block->intervention[row],
          .usable = block->hole.empty() || !block->hole[row],
          .success = block->info.success,
          .grounding = row_of(block->grounding, row, rows)};
}

void FrameSource::action_chunk(size_t index, int horizon, std::span<float> chunk,
                               std::span<uint8_t> is_pad) const {
  const Block* block = find(index).first;
  const size_t first = index - block->info.first_frame;
  const size_t rows = block->info.frames;
  const size_t width = block->action.size() / rows;
  if (chunk.size() != horizon * width || is_pad.size() != static_cast<size_t>(horizon)) {
    throw Error("action chunk",
                fmt::format("room for {} values, not {} x {}", chunk.size(), horizon, width));
  }
  for (int h = 0; h < horizon; ++h) {
    const size_t row = std::min(first + h, rows - 1);
    std::copy_n(block->action.data() + row * width, width, chunk.data() + h * width);
    is_pad[h] = first + h >= rows;
  }
}

void FrameSource::window(size_t index, std::span<const double> offsets_s, std::span<size_t> frames,
                         std::span<uint8_t> is_pad) const {
  constexpr double kTolerance = 1e-4;
  const EpisodeInfo& info = find(index).first->info;
  if (frames.size() != offsets_s.size() || is_pad.size() != offsets_s.size()) {
    throw Error("window",
                fmt::format("room for {} frames, not {}", frames.size(), offsets_s.size()));
  }
  double period_s = 0;
  {
    const std::shared_lock lock(mutex_);
    period_s = embodiments_[info.embodiment].action_period_s;
  }
  const auto row = static_cast<int64_t>(index - info.first_frame);
  for (size_t i = 0; i < offsets_s.size(); ++i) {
    const int64_t steps = std::llround(offsets_s[i] / period_s);
    if (!(std::abs(static_cast<double>(steps) * period_s - offsets_s[i]) <= kTolerance)) {
      throw Error(
          "window",
          fmt::format("an offset of {} s, the action period is {} s", offsets_s[i], period_s),
          "give whole multiples of it");
    }
    const int64_t wanted = row + steps, inside = std::clamp<int64_t>(wanted, 0, info.frames - 1);
    frames[i] = info.first_frame + static_cast<size_t>(inside);
    is_pad[i] = wanted != inside;
  }
}

std::vector<float> FrameSource::targets() const {
  const std::shared_lock lock(mutex_);
  std::vector<float> targets(frames_, 1.F);
  bool any = false;
  for (const auto& block : blocks_) {
    for (size_t row = 0; row < block->hole.size(); ++row) {
      if (!block->hole[row]) continue;
      targets[block->info.first_frame + row] = 0;
      any = true;
    }
  }
  return any ? targets : std::vector<float>{};
}

Stats FrameSource::state_stats(int embodiment) const {
  const std::shared_lock lock(mutex_);
  return states_.at(embodiment).stats();
}

Stats FrameSource::action_stats(int embodiment) const {
  const std::shared_lock lock(mutex_);
  return actions_.at(embodiment).stats();
}

std::string FrameSource::content_hash(int embodiment) const {
  const std::shared_lock lock(mutex_);
  Sha256 hash;
  hash.update(
      fmt::format("{} {}x{}", embodiments_.at(embodiment).contract_hash(), width_, height_));
  for (const auto& block : blocks_) {
    if (block->info.embodiment == embodiment) hash.update(" ").update(block->info.hash);
  }
  return hash.hex();
}

size_t FrameSource::memory_bytes() const {
  const std::shared_lock lock(mutex_);
  return bytes_;
}

}  // namespace gyre::data
