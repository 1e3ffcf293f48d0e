#include "gyre/policy/faster_chunk.h"

#include <gtest/gtest.h>

#include <numeric>

namespace gyre {
namespace {

Embodiment small_arm() {
  Embodiment arm;
  arm.action = {{.name = "x", .kind = FieldKind::kDelta, .min = -1, .max = 1},
                {.name = "gripper", .kind = FieldKind::kPosition, .min = 0, .max = 1}};
  return arm;
}

ActionChunk six_actions() {
  ActionChunk chunk{.horizon = 6, .dim = 2};
  for (int i = 0; i < 6; ++i) {
    chunk.actions.push_back(0.1F * static_cast<float>(i + 1));
    chunk.actions.push_back(0.2F * static_cast<float>(i));
  }
  chunk.actions[11] = 1;
  return chunk;
}

TEST(FasterChunk, GoesAsFarInFewerActions) {
  const ActionChunk faster = faster_chunk(six_actions(), 1.5, small_arm());
  ASSERT_EQ(faster.horizon, 4);
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += faster.at(i)[0];
  EXPECT_NEAR(sum, 2.1, 1e-6);
  EXPECT_NEAR(faster.at(0)[0], 0.1 + 0.5 * 0.2, 1e-6);
  EXPECT_NEAR(faster.at(0)[1], 0.1, 1e-6) << "halfway from the first action to the second";
  EXPECT_NEAR(faster.at(3)[1], 1, 1e-6);
}

TEST(FasterChunk, AtOneIsTheSameMotion) {
  const ActionChunk same = faster_chunk(six_actions(), 1, small_arm());
  ASSERT_EQ(same.horizon, 6);
  for (size_t i = 0; i < same.actions.size(); ++i) {
    EXPECT_NEAR(same.actions[i], six_actions().actions[i], 1e-6);
  }
}

TEST(FasterChunk, StaysWithinTheContract) {
  ActionChunk chunk = six_actions();
  for (int i = 0; i < 6; ++i) chunk.actions[static_cast<size_t>(2 * i)] = 0.9F;
  const ActionChunk faster = faster_chunk(chunk, 1.25, small_arm());
  ASSERT_EQ(faster.horizon, 4);
  for (int i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(faster.at(i)[0], 1);
}

}  // namespace
}  // namespace gyre
