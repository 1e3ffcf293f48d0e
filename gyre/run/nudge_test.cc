#include "gyre/run/nudge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

Embodiment nudged_arm() {
  Embodiment e = small_arm(0.01);
  e.action = {};
  for (const char* name : {"dx", "dy", "dz"}) {
    e.action.push_back(
        {.name = name, .unit = "m", .kind = FieldKind::kDelta, .min = -0.02, .max = 0.02});
  }
  e.action.push_back({.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true});
  return e;
}

struct Nudged {
  NudgeOffset offset{nudged_arm()};
  // The sums of what is added to a policy that wants `own` in each of `ticks` periods.
  std::array<double, 4> sum(const std::array<float, 4>& own, int ticks) {
    std::array<double, 4> sums{};
    for (int k = 0; k < ticks; ++k) {
      std::array<float, 4> command = own;
      offset.add(command);
      for (size_t i = 0; i < 4; ++i) sums[i] += command[i] - own[i];
    }
    return sums;
  }
};

TEST(NudgeOffset, AMoveIsOneCentimetreBesideThePolicy) {
  Nudged nudged;
  EXPECT_TRUE(nudged.offset.give(*nudge_of("left")));
  const auto sums = nudged.sum({0.001F, 0, 0, 0.5F}, 300);
  EXPECT_NEAR(sums[0], 0, 1e-6);
  EXPECT_NEAR(sums[1], 0.01, 1e-6) << "the robot's left is +y";
  EXPECT_NEAR(sums[3], 0, 1e-6);
}

TEST(NudgeOffset, DirectionsAreThoseOfThePicture) {
  // A camera that looks back at the robot has its right where the robot has its left.
  const auto right = nudge_of("right", {0, 1}), forward = nudge_of("forward", {0, 1});
  EXPECT_EQ(right->direction, (std::array<double, 3>{0, 1, 0}));
  EXPECT_EQ(forward->direction[0], -1);
  EXPECT_EQ(nudge_of("forward")->direction[0], 1);
  EXPECT_EQ(nudge_of("up", {1, 0})->direction[2], 1);
  for (const std::string_view word : nudge_words()) EXPECT_TRUE(nudge_of(word)) << word;
  EXPECT_FALSE(nudge_of("sideways"));
}

TEST(NudgeOffset, SlowerTakesHalfOfTheMotionUntilOneCentimetre) {
  Nudged nudged;
  nudged.offset.give(*nudge_of("slower"));
  const std::array<float, 4> own = {0.0006F, 0, 0.0008F, 0};
  EXPECT_NEAR(nudged.sum(own, 1)[0], -0.0003, 1e-8);
  const auto rest = nudged.sum(own, 500);
  EXPECT_NEAR(std::hypot(rest[0], rest[2]), 0.01 - 0.0005, 1e-6);
  EXPECT_EQ(nudged.sum(own, 10)[0], 0);
}

TEST(NudgeOffset, OpensTheGripperForASecond) {
  Nudged nudged;
  nudged.offset.give(*nudge_of("open"));
  EXPECT_NEAR(nudged.sum({0, 0, 0, 0.25F}, 300)[3], 100 * 0.75, 1e-3);
  nudged.offset.give(*nudge_of("close"));
  EXPECT_NEAR(nudged.sum({0, 0, 0, 0.25F}, 300)[3], 100 * -0.25, 1e-3);
}

TEST(NudgeOffset, IsForgottenWhenSomebodyElseDrives) {
  Nudged nudged;
  nudged.offset.give(*nudge_of("up"));
  nudged.sum({}, 10);
  nudged.offset.drop();
  nudged.offset.give(*nudge_of("down"));
  nudged.offset.drop();
  EXPECT_EQ(nudged.sum({}, 100)[2], 0);
  EXPECT_FALSE(NudgeOffset(small_arm(0.01)).give(*nudge_of("up"))) << "an arm without dx, dy, dz";
}

TEST(NudgeOffset, GoesToTheRobotButIsNotThePolicysProposal) {
  Embodiment arm = small_arm(0.01);
  arm.action[0].gripper = true;
  Rig rig({}, arm);
  rig.begin();
  NudgeOffset offset(arm);
  rig.loop->set_nudges(offset);
  EXPECT_TRUE(offset.give(*nudge_of("open")));
  rig.run(150);
  for (const Step& step : rig.end().steps()) {
    const bool nudged = step.index < 100;
    EXPECT_EQ(step.reasons.has(Reason::kNudge), nudged) << step.index;
    EXPECT_EQ(step.sent[0] == 1, nudged) << step.index;
    EXPECT_LT(step.of(Source::kPolicy).action[0], 0.5F);
    EXPECT_EQ(step.source, Source::kPolicy);
  }
}

}  // namespace
}  // namespace gyre::run
