#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"
#include "gyre/run/join_method.h"

namespace gyre::run {

inline constexpr int kMostPlanned = 64;  // actions ahead that a question tells of

// The place of an observation among the commands that were sent.
struct SentMark {
  int64_t actions = 0;       // the policy's actions that were sent before it
  std::vector<double> path;  // [D]: sums of the deltas sent before it; of positions the last one
};

// Joins chunks while actions go on being sent. A chunk is a path from its observation: it is
// entered after as many of its actions as were really sent since then (or, aligned, where the sent
// commands have led), however much time has passed. A start or a hold sends no action.
// Allocates nothing after construction.
class ChunkJoin {
 public:
  ChunkJoin(const Embodiment& contract, const JoinMethod& method);

  // Forgets all chunks.
  void clear() noexcept;

  // A command [D] of one control period went to the robot, whoever proposed it. `added` [D] (empty:
  // nothing) is the part of its deltas that a person put beside the policy's path on purpose.
  void moved(std::span<const float> sent, std::span<const float> added = {}) noexcept;
  // The first planned action went out: the next one is due.
  void advance() noexcept;
  SentMark make_mark() const { return {.actions = 0, .path = std::vector<double>(path_.size())}; }
  void mark(SentMark& mark) const noexcept;

  // A newer chunk, of the observation at `mark`, takes over. `shadow`: somebody else drives, so
  // that there is nothing to make up for. False when none of its actions is left.
  bool take(const ChunkPtr& chunk, const SentMark& mark, bool shadow) noexcept;

  // The next actions [n, D], as they would be sent, into `actions`; returns n, at most as many as
  // fit.
  int plan(std::span<float> actions) const noexcept;
  // Actions that plan() can give.
  int left() const noexcept;

  // The chunk of the action that is due; null when there is none.
  const ActionChunk* chunk() const noexcept { return left() > 0 ? newest().chunk.get() : nullptr; }
  int index() const noexcept { return static_cast<int>(actions_ + newest().offset); }

 private:
  struct Running {
    ChunkPtr chunk;
    int64_t offset = 0;  // index of the action that is due = actions_ + offset
  };
  const Running& newest() const noexcept { return running_[0]; }
  bool has(const Running& running, int64_t ahead) const noexcept;
  int entry(const ActionChunk& chunk, const SentMark& mark, int64_t sent) noexcept;
  void expect(const ActionChunk& chunk, const SentMark& mark, int count) noexcept;
  double step(size_t field, double wanted) const noexcept;

  std::vector<Field> fields_;
  JoinMethod method_;
  int64_t actions_ = 0;       // the policy's actions that were sent
  std::vector<double> path_;  // [D]
  // Newest first; all but `ensemble` keep one.
  std::array<Running, 8> running_;
  // Deltas [D] that the newest chunk's path is ahead of the commands.
  std::vector<double> debt_;
  std::vector<double> expected_;      // [D], scratch of entry()
  mutable std::vector<double> owed_;  // [D], scratch of plan()
};

}  // namespace gyre::run
