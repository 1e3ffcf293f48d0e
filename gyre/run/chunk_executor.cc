#include "gyre/run/chunk_executor.h"

#include <utility>

namespace gyre::run {

bool ChunkExecutor::offer(ChunkPtr chunk, int64_t observed, int64_t now) {
  if (now - observed >= chunk->horizon) return false;
  if (chunk_ && observed < observed_) return false;
  chunk_ = std::move(chunk);
  observed_ = observed;
  begun_ = now;
  return true;
}

std::optional<ChunkExecutor::Due> ChunkExecutor::due(int64_t period) const {
  if (!chunk_) return std::nullopt;
  const int64_t index = period - observed_;
  if (index < 0 || index >= chunk_->horizon) return std::nullopt;
  return Due{chunk_->at(static_cast<int>(index)), chunk_->id, static_cast<int>(index),
             chunk_->observation_time_ns};
}

bool ChunkExecutor::wants_chunk(int64_t period, int delay) const {
  return !chunk_ || period + delay - begun_ >= execute_;
}

}  // namespace gyre::run
