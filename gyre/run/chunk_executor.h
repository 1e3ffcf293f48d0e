#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "gyre/core/action_chunk.h"

namespace gyre::run {

// Which action of which chunk is due in a tick. Action i of a chunk belongs to the tick of its
// observation plus i: what inference took has passed, and those actions are never executed.
// (Real-time chunking joins the old chunk to the new one here, in offer().)
class ChunkExecutor {
 public:
  // `execute` actions of each chunk are meant to be executed before the next takes over; >= 1.
  explicit ChunkExecutor(int execute) : execute_(execute) {}

  // A chunk computed from the observation of tick `observed` arrives in tick `now`. Returns whether
  // it is taken: one with no action left for `now`, or from an older observation than the current
  // chunk's, is dropped.
  bool offer(std::shared_ptr<const ActionChunk> chunk, int64_t observed, int64_t now);

  struct Due {
    std::span<const float> action;  // [D]; valid until the next offer() or clear()
    int64_t chunk_id;
    int index;
  };
  // Nothing when there is no chunk, or it is used up.
  std::optional<Due> due(int64_t tick) const;

  // Whether an inference that begins in `tick` and takes `delay` ticks should begin now, for the
  // chunk to be there when `execute` actions of the present one are done.
  bool wants_chunk(int64_t tick, int delay) const;

  void clear() { chunk_.reset(); }

 private:
  int execute_;
  std::shared_ptr<const ActionChunk> chunk_;
  int64_t observed_ = 0;  // tick of the chunk's observation
  int64_t begun_ = 0;     // tick of its first executed action
};

}  // namespace gyre::run
