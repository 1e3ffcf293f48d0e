// The checker of drives notices what it is there for.
#include <gtest/gtest.h>

#include "tests/faults/drive_faults_check.h"

namespace gyre::faults {
namespace {

// Ten seconds without a fault.
Story calm_story() {
  Story story{.robot = "so101", .space = "joint", .ticks = 1000};
  story.config.real_time = true;
  story.config.max_age_s = 1;
  return story;
}

class DriveChecker : public testing::Test {
 protected:
  DriveFindings check() const { return check_drive(story_, record_); }
  size_t policy_tick() const {  // in the middle
    size_t tick = 500;
    while (record_.steps[tick].source != Source::kPolicy) ++tick;
    return tick;
  }
  Story story_ = calm_story();
  DriveRecord record_ = make_drive(story_, RobotFolder::load("so101"));
};

TEST_F(DriveChecker, HasNothingToSayOfACalmDrive) {
  const DriveFindings found = check();
  EXPECT_TRUE(found.holds()) << found.failures.front().what;
  EXPECT_EQ(found.commands, 1000);
  EXPECT_GT(found.policy_ticks, 500);
}

TEST_F(DriveChecker, SeesACommandThatLeavesALimit) {
  record_.truth[500].command[0] += 0.001F;  // a jerk
  record_.steps[500].sent[0] = record_.truth[500].command[0];
  EXPECT_GT(check().outside, 0);
  record_.truth[500].command[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_GT(check().outside, 0);
}

TEST_F(DriveChecker, SeesAnActionOfAnOldOrForeignQuestion) {
  const size_t tick = policy_tick();
  for (QuestionTruth& question : record_.questions) question.goal_id = 7;
  EXPECT_GT(check().stale, 0);
  record_.questions.clear();
  EXPECT_GT(check().stale, 0);
  record_.steps[tick].chunk_id = 12345;
  EXPECT_GT(check().stale, 0);
}

TEST_F(DriveChecker, SeesAChunkThatIsTooOld) {
  for (QuestionTruth& question : record_.questions) question.true_ns -= 10'000'000'000;
  EXPECT_GT(check().stale, 0);
}

TEST_F(DriveChecker, SeesMotionAfterAStopAndWithStaleData) {
  record_.truth[500].orders = {event::Order::kStop};
  EXPECT_GT(check().after_stop, 0);
  record_.truth[500].orders.clear();
  for (size_t tick = 500; tick < 520; ++tick) record_.truth[tick].state_age_ns = 300'000'000;
  const DriveFindings stale = check();
  EXPECT_GT(stale.late_holds, 0);
  EXPECT_GT(stale.too_early, 0);
}

TEST_F(DriveChecker, SeesAPersonWithoutAHeartbeat) {
  record_.steps[500].source = Source::kHuman;
  EXPECT_GT(check().late_holds, 0);
}

TEST_F(DriveChecker, SeesARobotThatStandsStillForNoReason) {
  for (size_t tick = 300; tick < 1000; ++tick) record_.steps[tick].source = Source::kFallback;
  const DriveFindings found = check();
  EXPECT_GT(found.not_resumed, 0);
  EXPECT_GT(found.not_still, 0);
}

TEST_F(DriveChecker, SeesAGap) {
  record_.truth[500].command.clear();
  EXPECT_GT(check().broken, 0);
  for (size_t tick = 600; tick < 1000; ++tick) record_.truth[tick].true_ns += 100'000'000;
  EXPECT_GT(check().broken, 1);
  record_.steps.pop_back();
  EXPECT_GT(check().broken, 0);
}

TEST(DriveStory, IsAFunctionOfSeedAndDrive) {
  EXPECT_EQ(tell(make_story(3, 8)), tell(make_story(3, 8)));
  EXPECT_NE(tell(make_story(3, 8)), tell(make_story(4, 8)));
}

}  // namespace
}  // namespace gyre::faults
