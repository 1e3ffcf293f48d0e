#include "gyre/policy/agreed_draw.h"

#include <gtest/gtest.h>

#include <vector>

namespace gyre {
namespace {

Embodiment metres_and_gripper() {
  Embodiment e;
  e.action = {{.name = "dx", .unit = "m", .kind = FieldKind::kDelta, .min = -0.01, .max = 0.01},
              {.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true}};
  return e;
}

ActionChunk draw(std::vector<float> actions) {
  const int horizon = static_cast<int>(actions.size()) / 2;
  return {.horizon = horizon, .dim = 2, .actions = std::move(actions)};
}

TEST(AgreedDraw, MeasuresEachFieldInItsRange) {
  const std::vector<ActionChunk> draws = {draw({-0.01F, 0}), draw({0.01F, 0.2F})};
  EXPECT_EQ(agreed_draw(draws, std::vector<float>{0.01F, 0}, metres_and_gripper()), draws[1]);
}

TEST(AgreedDraw, NearActionsWeighMore) {
  const std::vector<ActionChunk> draws = {draw({0, 1, 0, 0, 0, 0}), draw({0, 0, 0, 0, 0, 1})};
  EXPECT_EQ(agreed_draw(draws, std::vector<float>(6, 0.0F), metres_and_gripper()), draws[1]);
}

TEST(AgreedDraw, IsTheMeanOfTheNearestHalf) {
  const std::vector<ActionChunk> draws = {draw({0.01F, 1}), draw({0.002F, 0}), draw({-0.01F, 1}),
                                          draw({0.004F, 0.5F})};
  const ActionChunk agreed =
      agreed_draw(draws, std::vector<float>{0.003F, 0.25F}, metres_and_gripper());
  EXPECT_FLOAT_EQ(agreed.actions[0], 0.003F);
  EXPECT_FLOAT_EQ(agreed.actions[1], 0.25F);
}

TEST(AgreedDraw, TheFirstWhereNothingIsPlanned) {
  const std::vector<ActionChunk> draws = {draw({0, 1}), draw({0, 0})};
  EXPECT_EQ(agreed_draw(draws, {}, metres_and_gripper()), draws[0]);
}

TEST(AgreedDraw, OneDrawKeepsItsBits) {
  const std::vector<ActionChunk> draws = {draw({0.1F, 0.7F})};
  EXPECT_EQ(agreed_draw(draws, std::vector<float>{0, 0}, metres_and_gripper()), draws[0]);
}

}  // namespace
}  // namespace gyre
