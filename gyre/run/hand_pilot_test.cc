#include "gyre/run/hand_pilot.h"

#include <gtest/gtest.h>

#include <vector>

#include "gyre/robot/robot_folder.h"

namespace gyre::run {
namespace {

struct ScriptedHands : HandDevice {
  explicit ScriptedHands(std::vector<HandInput> script) : inputs(std::move(script)) {}
  std::string name() const override { return "scripted hands"; }
  bool read(HandInput& input) noexcept override {
    if (next >= inputs.size()) return false;
    input = inputs[next++];
    return true;
  }
  std::vector<HandInput> inputs;
  size_t next = 0;
};

struct CountingOperator : Operator {
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome, std::string_view, std::string_view) override {}
  bool say(const std::string&, std::string_view) override { return true; }
  bool beat(std::span<const float> action) override {
    beats.emplace_back(action.begin(), action.end());
    return true;
  }
  void let_go() override {}
  LoopStatus status() const override { return now; }
  LoopStatus now;
  std::vector<std::vector<float>> beats;
};

// Beats of these inputs, one turn each, on the joint contract.
std::vector<std::vector<float>> beats_of(const std::vector<HandInput>& script) {
  CountingOperator robot;
  robot.now.sent = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.25F};
  {
    HandPilot pilot(std::make_unique<ScriptedHands>(script), find_embodiment("so101/joint"), robot,
                    [](const std::string&) {});
    while (pilot.turn(0.016)) {
    }
  }
  return robot.beats;
}

TEST(HandPilot, BeatsOnlyWhileTheDeadManControlIsHeld) {
  EXPECT_TRUE(beats_of({{}, {.left_x = 1}, {}}).empty());
  const auto beats = beats_of({{}, {.held = true}, {.held = true}, {}, {}});
  ASSERT_EQ(beats.size(), 3U);
  EXPECT_TRUE(beats.back().empty());  // released: hold still, then silence
}

TEST(HandPilot, BeginsWhereTheRobotIs) {
  const auto beats = beats_of({{}, {.held = true}});
  EXPECT_EQ(beats.front(), (std::vector<float>{0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.25F}));
}

TEST(HandPilot, CountsAControlOnlyWhenItIsPressedAnew) {
  EXPECT_TRUE(beats_of({{.held = true}, {.held = true, .left_x = 1}}).empty());
}

TEST(HandPilot, HoldsStillWhenTheDeviceIsLost) {
  const auto beats = beats_of({{}, {.held = true, .left_x = 1}});
  ASSERT_EQ(beats.size(), 2U);
  EXPECT_TRUE(beats.back().empty());
}

TEST(HandPilot, CatchesUpNoMoreThanALittle) {
  CountingOperator robot;
  robot.now.sent = std::vector<float>(6, 0.0F);
  HandPilot pilot(
      std::make_unique<ScriptedHands>(std::vector<HandInput>{{}, {.held = true, .left_x = 1}}),
      find_embodiment("so101/joint"), robot, [](const std::string&) {});
  pilot.turn(0.016);
  pilot.turn(30);  // the machine was asleep
  const Field pan = find_embodiment("so101/joint").action[0];
  EXPECT_LE(robot.beats.front()[0], 0.05 * 0.5 * (pan.max - pan.min) + 1e-6);
}

}  // namespace
}  // namespace gyre::run
