#include "gyre/policy/nearest_draw.h"

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

TEST(NearestDraw, MeasuresEachFieldInItsRange) {
  const std::vector<ActionChunk> draws = {draw({-0.01F, 0}), draw({0.01F, 0.2F})};
  EXPECT_EQ(nearest_draw(draws, std::vector<float>{0.01F, 0}, metres_and_gripper()), 1U);
}

TEST(NearestDraw, NearActionsWeighMore) {
  const std::vector<ActionChunk> draws = {draw({0, 1, 0, 0, 0, 0}), draw({0, 0, 0, 0, 0, 1})};
  EXPECT_EQ(nearest_draw(draws, std::vector<float>(6, 0.0F), metres_and_gripper()), 1U);
}

TEST(NearestDraw, TheFirstWhereNothingIsPlanned) {
  const std::vector<ActionChunk> draws = {draw({0, 1}), draw({0, 0})};
  EXPECT_EQ(nearest_draw(draws, {}, metres_and_gripper()), 0U);
}

}  // namespace
}  // namespace gyre
