#include "gyre/run/action_interpolator.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gyre::run {
namespace {

Embodiment arm(double control_period_s) {
  Embodiment e{
      .name = "arm/mixed",
      .action_period_s = 0.1,
      .control_period_s = control_period_s,
      .state = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}},
      .action = {
          {.name = "joint", .unit = "rad", .min = -2, .max = 2},
          {.name = "delta", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1},
          {.name = "speed", .unit = "rad", .kind = FieldKind::kVelocity, .min = -1, .max = 1},
          {.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true}}};
  return e;
}

// All of them sent as proposed.
std::vector<std::vector<float>> commands(ActionInterpolator& interpolator, int ticks) {
  std::vector<std::vector<float>> all;
  for (int k = 0; k < ticks; ++k) {
    all.emplace_back(4);
    interpolator.command(k, all.back());
    interpolator.sent(all.back(), true);
  }
  return all;
}

// The largest change of velocity between two control periods, in units per period.
double largest_turn(const std::vector<double>& joint) {
  double largest = 0;
  for (size_t i = 2; i < joint.size(); ++i) {
    largest = std::max(largest, std::abs(joint[i] - 2 * joint[i - 1] + joint[i - 2]));
  }
  return largest;
}

TEST(ActionInterpolator, EqualPeriodsChangeNoBit) {
  ActionInterpolator interpolator(arm(0));
  interpolator.reset(std::vector<float>{0, 0, 0, 0});
  const std::vector<float> action = {0.1F, 1.0F / 3, -0.7F, 0.3F};
  interpolator.begin(action, {});
  EXPECT_EQ(commands(interpolator, 1)[0], action);
}

TEST(ActionInterpolator, DividesDeltasAndHoldsVelocitiesAndGrippers) {
  ActionInterpolator interpolator(arm(0.02));
  interpolator.reset(std::vector<float>{0, 0, 0, 0});
  interpolator.begin(std::vector<float>{0, 0.5F, 0.25F, 1}, {});
  for (const auto& command : commands(interpolator, 5)) {
    EXPECT_FLOAT_EQ(command[1], 0.1F);
    EXPECT_EQ(command[2], 0.25F);
    EXPECT_EQ(command[3], 1);
  }
}

TEST(ActionInterpolator, PositionsReachEachTargetWithoutAJumpInVelocity) {
  constexpr int kTicks = 100;
  ActionInterpolator interpolator(arm(0.001));
  interpolator.reset(std::vector<float>{0, 0, 0, 0});
  std::vector<double> joint = {0};
  const std::vector<float> targets = {0.1F, 0.3F, 0.25F, -0.4F, 0};
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::vector<float> action = {targets[i], 0, 0, 0};
    std::vector<float> next;
    if (i + 1 < targets.size()) next = {targets[i + 1], 0, 0, 0};
    interpolator.begin(action, next);
    for (const auto& command : commands(interpolator, kTicks)) joint.push_back(command[0]);
    EXPECT_EQ(joint.back(), targets[i]);
  }
  EXPECT_LT(largest_turn(joint), 1e-3) << "a straight line between the targets would turn by 0.009";
}

TEST(ActionInterpolator, AJoinGoesOnWithTheVelocityThatWasSent) {
  constexpr int kTicks = 100;
  ActionInterpolator interpolator(arm(0.001));
  interpolator.reset(std::vector<float>{0, 0, 0, 0});
  std::vector<double> joint = {0, 0};
  const auto begin = [&](float target, float next) {
    interpolator.begin(std::vector<float>{target, 0, 0, 0}, std::vector<float>{next, 0, 0, 0});
    for (const auto& command : commands(interpolator, kTicks)) joint.push_back(command[0]);
  };
  begin(0.1F, 0.2F);
  begin(0.2F, 0.3F);
  begin(0.15F, 0.1F);  // another chunk, which turns back
  begin(0.1F, 0.1F);
  EXPECT_LT(largest_turn(joint), 1e-3) << "from rest on, and at the join";
}

TEST(ActionInterpolator, GoesOnFromWhatWasSentInPlaceOfItsProposal) {
  constexpr int kTicks = 100;
  ActionInterpolator interpolator(arm(0.001));
  interpolator.reset(std::vector<float>{0, 0, 0, 0});
  std::vector<double> joint = {0, 0};
  std::vector<float> command(4);
  interpolator.begin(std::vector<float>{0.1F, 0, 0, 0}, {});
  for (int k = 0; k < kTicks; ++k) {  // a filter lets half of it pass
    interpolator.command(k, command);
    command[0] /= 2;
    interpolator.sent(command, false);
    joint.push_back(command[0]);
  }
  interpolator.begin(std::vector<float>{0.1F, 0, 0, 0}, {});
  for (const auto& sent : commands(interpolator, kTicks)) joint.push_back(sent[0]);
  EXPECT_NEAR(joint[2 + kTicks], 0.05, 1e-3) << "not from where it wanted to be";
  EXPECT_LT(largest_turn(joint), 1e-3);
}

}  // namespace
}  // namespace gyre::run
