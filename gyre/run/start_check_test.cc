#include "gyre/run/start_check.h"

#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/run/reset_source.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

TEST(StartCheck, MeasuresPositionsByTheirVelocityLimits) {
  const Embodiment arm = small_arm();  // 5 rad/s, and a delta
  const float hold[] = {0.25F, 0}, near[] = {1.2F, 1}, far[] = {1.3F, 0};
  EXPECT_EQ(too_far(arm, hold, near, 0.2), nullptr);
  ASSERT_NE(too_far(arm, hold, far, 0.2), nullptr);
  EXPECT_EQ(too_far(arm, hold, far, 0.2)->name, "joint");
  Embodiment gripper = arm;
  gripper.action[0].gripper = true;
  EXPECT_EQ(too_far(gripper, hold, far, 0.2), nullptr);
}

// A loop by the wall clock; its actions are 0 .. 0.4 rad, the arm stands at 0.25.
TEST(StartCheck, AFarFirstCommandPausesTheRobot) {
  Rig rig({.real_time = true, .start_limit_s = 1e-6}, small_arm(0.005));
  rig.run(60);
  const ListSink& tape = rig.end();
  EXPECT_EQ(tape.steps().back().mode, Mode::kPaused);
  for (const Step& step : tape.steps()) EXPECT_NE(step.source, Source::kPolicy);
  ASSERT_EQ(tape.events<event::Alarm>().size(), 1U);
  const std::string what(tape.events<event::Alarm>()[0].what.view());
  EXPECT_NE(what.find("'joint'"), std::string::npos) << what;
}

TEST(StartCheck, ANearOneDoesNot) {
  Rig rig({.real_time = true}, small_arm(0.005));
  rig.run(60);
  EXPECT_EQ(rig.end().steps().back().mode, Mode::kPolicy);
}

Embodiment joints() {
  Embodiment arm = small_arm(0.01);
  arm.action.pop_back();
  arm.state[0] = arm.action[0];
  return arm;
}

struct Way {
  explicit Way(std::vector<float> pose) : source(joints(), std::move(pose), "a server") {
    frame.state = {0.25F};
    tick.frame = &frame;
    proposal.action.resize(1);
  }
  bool wants(Mode mode) {
    tick.index = ++tick.tick;
    tick.mode = mode;
    return source.wants_control(tick);
  }
  float propose() {
    source.propose(tick, proposal);
    return proposal.action[0];
  }
  ResetSource source;
  Frame frame;
  Tick tick;
  Proposal proposal;
};

TEST(ResetSource, WaitsUntilTheRobotMayMoveAndGoesSlowly) {
  Way way({-0.75F});
  EXPECT_FALSE(way.wants(Mode::kPaused));
  float last = 0.25F;
  int ticks = 0;
  for (Mode mode = Mode::kFallback; way.wants(mode); mode = Mode::kHuman, ++ticks) {
    const float next = way.propose();
    EXPECT_LE(next, last);
    EXPECT_GT(next, last - 0.16 * 5 * 0.01) << "1.5 of a tenth of the limit, at most";
    last = next;
    ASSERT_LT(ticks, 1000);
  }
  EXPECT_FLOAT_EQ(last, -0.75F);
  EXPECT_EQ(ticks, 201) << "1 rad at 0.5 rad/s";
  EXPECT_FALSE(way.wants(Mode::kPolicy)) << "once";
}

TEST(ResetSource, AStopEndsIt) {
  Way way({-0.75F});
  EXPECT_TRUE(way.wants(Mode::kPolicy));
  EXPECT_FALSE(way.wants(Mode::kStopped));
  EXPECT_FALSE(way.wants(Mode::kPolicy));
}

TEST(ResetSource, RefusesPosesThatTheRobotCannotTake) {
  const auto refusal = [](const Embodiment& arm, std::vector<float> pose) {
    return message_of([&] { ResetSource(arm, std::move(pose), "a server"); });
  };
  EXPECT_NE(refusal(small_arm(), {0, 0}).find("no positions"), std::string::npos);
  EXPECT_NE(refusal(joints(), {0, 0}).find("2 numbers"), std::string::npos);
  EXPECT_NE(refusal(joints(), {1.5F}).find("joint"), std::string::npos);
  EXPECT_NE(refusal(joints(), {kNoNumber}), "");
}

}  // namespace
}  // namespace gyre::run
