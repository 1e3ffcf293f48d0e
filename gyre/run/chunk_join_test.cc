#include "gyre/run/chunk_join.h"

#include <gtest/gtest.h>

#include <limits>

namespace gyre::run {
namespace {

// A slide that moves by at most 0.1 m an action, and a gripper.
Embodiment slide() {
  Embodiment e{.name = "slide/ee"};
  e.action = {{.name = "dx", .unit = "m", .kind = FieldKind::kDelta, .min = -0.1, .max = 0.1},
              {.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true}};
  return e;
}

Embodiment hinge() {
  Embodiment e{.name = "hinge/joint"};
  e.action = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}};
  return e;
}

ChunkPtr chunk_of(std::vector<float> actions, int dim = 2) {
  auto chunk = std::make_shared<ActionChunk>();
  chunk->horizon = static_cast<int>(actions.size()) / dim;
  chunk->dim = dim;
  chunk->actions = std::move(actions);
  return chunk;
}

SentMark mark_of(const ChunkJoin& join) {
  SentMark mark = join.make_mark();
  join.mark(mark);
  return mark;
}

std::vector<float> plan(const ChunkJoin& join, size_t dim = 2) {
  std::vector<float> actions(20 * dim);
  actions.resize(static_cast<size_t>(join.plan(actions)) * dim);
  return actions;
}

// The policy's next action goes out as it was planned.
void send(ChunkJoin& join) {
  std::vector<float> action(2);
  ASSERT_EQ(join.plan(action), 1);
  join.moved(action);
  join.advance();
}

const std::vector<float> kRamp = {0.01F, 0, 0.02F, 0, 0.03F, 0, 0.04F, 0, 0.05F, 0};

TEST(ChunkJoin, TimeThatPassesIsNotExecution) {
  ChunkJoin join(slide(), join_method("naive"));
  const SentMark start = mark_of(join);
  for (int hold = 0; hold < 7; ++hold) join.moved(std::vector<float>{0, 0});
  ASSERT_TRUE(join.take(chunk_of(kRamp), start, false));
  EXPECT_EQ(join.index(), 0) << "the first chunk loses no action";
  EXPECT_EQ(plan(join), kRamp);
}

TEST(ChunkJoin, AChunkIsEnteredAfterTheActionsThatWereSentSinceItsObservation) {
  ChunkJoin join(slide(), join_method("naive"));
  ASSERT_TRUE(join.take(chunk_of(kRamp), mark_of(join), false));
  send(join);
  const SentMark seen = mark_of(join);
  send(join);
  join.moved(std::vector<float>{0, 0});  // a hold in between
  send(join);
  ASSERT_TRUE(join.take(chunk_of(kRamp), seen, false));
  EXPECT_EQ(join.index(), 2);
  EXPECT_EQ(plan(join)[0], 0.03F);
  EXPECT_EQ(join.left(), 3);
  send(join), send(join), send(join);
  EXPECT_EQ(join.left(), 0);
  EXPECT_EQ(join.chunk(), nullptr);
  EXPECT_FALSE(join.take(chunk_of(kRamp), seen, false)) << "no action is left";
}

TEST(ChunkJoin, AlignedEntersWhereTheSentCommandsHaveLedAndMakesUpForTheRest) {
  ChunkJoin join(slide(), join_method("aligned"));
  ASSERT_TRUE(join.take(chunk_of(kRamp), mark_of(join), false));
  const SentMark seen = mark_of(join);
  send(join);
  send(join);  // 0.03 m by two actions
  // The new chunk is 0.04 m on after one action.
  ASSERT_TRUE(join.take(chunk_of({0.04F, 0, 0.05F, 0, 0.05F, 0, 0, 0, 0, 0}), seen, false));
  EXPECT_EQ(join.index(), 1);
  EXPECT_FLOAT_EQ(plan(join)[0], 0.05F + 0.01F) << "and is 0.01 m short";
  EXPECT_EQ(plan(join)[2], 0.05F) << "paid";
}

TEST(ChunkJoin, ADebtIsPaidWithinTheContractsLimits) {
  ChunkJoin join(slide(), join_method("aligned"));
  ASSERT_TRUE(join.take(chunk_of({0.05F, 0, 0.05F, 0}), mark_of(join), false));
  const SentMark seen = mark_of(join);
  send(join);
  ASSERT_TRUE(join.take(chunk_of({0.1F, 0, 0.1F, 0, -0.1F, 0, 0.09F, 0}), seen, false));
  ASSERT_EQ(join.index(), 1) << "0.05 m short of the chunk's path";
  const std::vector<float> next = plan(join);
  EXPECT_FLOAT_EQ(next[0], 0.1F) << "as far as the contract lets it";
  EXPECT_FLOAT_EQ(next[2], -0.05F);
  EXPECT_FLOAT_EQ(next[4], 0.09F);
  send(join);
  EXPECT_EQ(plan(join)[0], next[2]) << "what was planned is what is sent";
}

TEST(ChunkJoin, NothingIsMadeUpForWithoutDelayOrWhileSomebodyElseDrives) {
  for (const bool shadow : {false, true}) {
    ChunkJoin join(slide(), join_method("aligned"));
    ASSERT_TRUE(join.take(chunk_of(kRamp), mark_of(join), false));
    const SentMark before = mark_of(join);
    if (shadow) send(join);
    join.moved(std::vector<float>{0.07F, 0});
    ASSERT_TRUE(join.take(chunk_of(kRamp), before, shadow));
    EXPECT_EQ(join.index(), shadow ? 1 : 0);
    EXPECT_EQ(plan(join)[0], kRamp[shadow ? 2 : 0]) << "to the bit";
  }
}

TEST(ChunkJoin, PositionsAreEnteredNearestToTheLastCommand) {
  ChunkJoin join(hinge(), join_method("aligned"));
  join.moved(std::vector<float>{0});
  ASSERT_TRUE(join.take(chunk_of({0.1F, 0.2F, 0.3F, 0.4F}, 1), mark_of(join), false));
  const SentMark seen = mark_of(join);
  join.moved(std::vector<float>{0.1F});
  join.advance();
  join.moved(std::vector<float>{0.2F});
  join.advance();
  ASSERT_TRUE(join.take(chunk_of({0.05F, 0.1F, 0.15F, 0.2F, 0.25F, 0.3F}, 1), seen, false));
  EXPECT_EQ(join.index(), 4) << "the first action that leads on";
  EXPECT_EQ(plan(join, 1), (std::vector<float>{0.25F, 0.3F}));
}

TEST(ChunkJoin, EnsembleIsTheMeanOfTheChunksThatHaveAnAction) {
  ChunkJoin join(slide(), join_method("ensemble"));
  ASSERT_TRUE(join.take(chunk_of({0.02F, 1, 0.02F, 1}), mark_of(join), false));
  ASSERT_TRUE(join.take(chunk_of({0.04F, 0, 0.04F, 0, 0.04F, 0}), mark_of(join), false));
  const std::vector<float> next = plan(join);
  EXPECT_FLOAT_EQ(next[0], 0.03F);
  EXPECT_FLOAT_EQ(next[1], 0.5F);
  EXPECT_FLOAT_EQ(next[4], 0.04F) << "the older one has ended";
  join.clear();
  EXPECT_EQ(join.left(), 0);
}

TEST(ChunkJoin, AChunkThatIsNotFiniteIsEnteredAsCounted) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  ChunkJoin join(slide(), join_method("aligned"));
  ASSERT_TRUE(join.take(chunk_of(kRamp), mark_of(join), false));
  const SentMark seen = mark_of(join);
  send(join);
  ASSERT_TRUE(join.take(chunk_of({kNone, 0, kNone, 0}), seen, false));
  EXPECT_TRUE(std::isnan(plan(join)[0])) << "for the safety filter to refuse";
  ASSERT_TRUE(join.take(chunk_of(kRamp), seen, false));
  EXPECT_FALSE(std::isnan(plan(join)[0])) << "and gone with that chunk";
}

TEST(JoinMethod, NamesAreRefusedWithAllThatThereAre) {
  try {
    join_method("alligned");
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("aligned, draws"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace gyre::run
