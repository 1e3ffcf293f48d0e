#include "gyre/run/chunk_executor.h"

#include <gtest/gtest.h>

namespace gyre::run {
namespace {

TEST(ChunkExecutor, DropsALateChunkAndSkipsLateActions) {
  auto chunk = std::make_shared<ActionChunk>();
  chunk->id = 7;
  chunk->horizon = 4;
  chunk->dim = 1;
  chunk->actions = {10, 11, 12, 13};
  ChunkExecutor executor(2);
  EXPECT_FALSE(executor.offer(chunk, /*observed=*/0, /*now=*/4)) << "no action left";
  EXPECT_FALSE(executor.due(4));
  EXPECT_TRUE(executor.offer(chunk, 2, 4));
  const auto due = executor.due(4).value_or(ChunkExecutor::Due{});
  EXPECT_EQ(due.chunk_id, 7);
  EXPECT_EQ(due.index, 2) << "two actions' time has passed";
  EXPECT_EQ(due.action[0], 12);
  EXPECT_FALSE(executor.wants_chunk(5, 0));
  EXPECT_TRUE(executor.wants_chunk(5, 1)) << "begun early, to be there in time";
  EXPECT_TRUE(executor.wants_chunk(6, 0));
  EXPECT_FALSE(executor.due(6)) << "used up";
  EXPECT_FALSE(executor.offer(chunk, 1, 4)) << "older than what is executed";
}

}  // namespace
}  // namespace gyre::run
