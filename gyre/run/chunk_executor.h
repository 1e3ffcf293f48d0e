#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "gyre/core/action_chunk.h"

namespace gyre::run {

// Chooses the action of a chunk that is due in an action period. Action i of a chunk belongs to the
// period of its observation plus i: the periods that inference took have passed, and their actions
// are never executed.
class ChunkExecutor {
 public:
  // `execute` actions of each chunk are meant to be executed before the next takes over; >= 1.
  explicit ChunkExecutor(int execute) : execute_(execute) {}

  // A chunk computed from the observation of period `observed` arrives in period `now`. False when
  // it is dropped: no action is left for `now`, or the current chunk's observation is newer.
  bool offer(ChunkPtr chunk, int64_t observed, int64_t now);

  struct Due {
    std::span<const float> action;  // [D]; valid until the next offer() or clear()
    int64_t chunk_id;
    int index;
    int64_t observed_ns;  // robot clock, of the observation
  };
  // Nothing when there is no chunk, or it is used up.
  std::optional<Due> due(int64_t period) const;

  // True when an inference that takes `delay` periods should begin in `period`, so that the chunk
  // is there when `execute` actions of the present one are done.
  bool wants_chunk(int64_t period, int delay) const;

  void clear() { chunk_.reset(); }

 private:
  int execute_;
  ChunkPtr chunk_;
  int64_t observed_ = 0;  // period of the chunk's observation
  int64_t begun_ = 0;     // period of its first executed action
};

}  // namespace gyre::run
