#include "gyre/flywheel/pace.h"

#include <gtest/gtest.h>

#include <string>

#include "gyre/data/frame_set.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

// A hand that is moved by deltas along two axes, and its gripper.
Embodiment hand_contract() {
  Embodiment e{.name = "hand/ee",
               .action_period_s = 0.1,
               .state = {},
               .action = {},
               .cameras = {{"front", 8, 8, "fixed"}},
               .workspace = {}};
  for (const char* axis : {"x", "y"}) {
    e.state.push_back({.name = axis, .unit = "m", .min = -1, .max = 1});
    e.action.push_back({.name = std::string("d") + axis,
                        .unit = "m",
                        .kind = FieldKind::kDelta,
                        .min = -0.1,
                        .max = 0.1});
  }
  e.state.push_back({.name = "opening", .unit = "1", .min = 0, .max = 1, .gripper = true});
  e.action.push_back({.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true});
  return e;
}

// Rows of a person's attempt, one after another; the state follows the actions at once.
class PaceTest : public ::testing::Test {
 protected:
  void act(float dx, float dy, float gripper, Source source = Source::kHuman) {
    data::Row row;
    row.index = std::ssize(episode_.rows);
    row.state = state_;
    row.action = {dx, dy, gripper};
    row.source = source;
    row.task = "put it there";
    episode_.rows.push_back(row);
    state_ = {state_[0] + dx, state_[1] + dy, gripper};
    targets_.push_back(1);
  }
  std::vector<size_t> groups() const { return paced_groups(episode_, targets_, contract_, pace_); }

  const Embodiment contract_ = hand_contract();
  const Pace pace_{.state = {0.04, 0.04, 1}, .action = {0.04, 0.04, 1}};
  data::EpisodeRows episode_;
  std::vector<float> targets_, state_{0, 0, 1};
};

TEST_F(PaceTest, PausesBelongToTheRowsBesideThem) {
  act(0, 0, 1);  // before the first motion
  act(0.03F, 0, 1);
  act(0, 0, 1);
  act(0, 0, 1);
  act(0.03F, 0, 1);
  act(0, 0, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 4}));
}

TEST_F(PaceTest, AnActionWithoutMotionIsNoPauseWhileTheRobotStillMoves) {
  act(0.03F, 0, 1);
  act(0, 0, 1);
  episode_.rows.back().state[0] -= 0.02F;  // it is behind, and arrives in this period
  state_[0] = 0.03F;
  act(0.03F, 0, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 2})) << "joined as a slow action, not left out";
  act(0.03F, 0, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 2, 3}));
}

TEST_F(PaceTest, SlowActionsAreJoinedUpToThePace) {
  for (int i = 0; i < 4; ++i) act(0.019F, 0, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 2}));
}

TEST_F(PaceTest, AtMostThreeActionsAreJoined) {
  for (int i = 0; i < 7; ++i) act(0.002F, 0.002F, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 3, 6}));
}

TEST_F(PaceTest, AMotionThatTurnsBackBeginsAnAction) {
  act(0.01F, 0, 1);
  act(0.01F, 0, 1);
  act(-0.01F, 0, 1);
  act(-0.01F, 0.01F, 1);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 2}));
}

TEST_F(PaceTest, TheGripperIsNotMovedTogetherWithTheHand) {
  act(0.01F, 0, 1);
  act(0, 0, 0.7F);
  act(0, 0, 0.4F);
  act(0, 0, 0.1F);
  act(0, 0.01F, 0.1F);
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 1, 4}));
}

TEST_F(PaceTest, OnlyTargetsOfAPersonAreJoined) {
  act(0.001F, 0, 1, Source::kPolicy);
  act(0.001F, 0, 1, Source::kPolicy);
  act(0.001F, 0, 1, Source::kExpert);
  act(0.001F, 0, 1);
  act(0.001F, 0, 1);
  act(0.001F, 0, 1);
  targets_.back() = 0;
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 1, 2, 3, 5}));
  EXPECT_EQ(paced_groups(episode_, targets_, contract_, {}).size(), 6U) << "no pace is known";
}

TEST_F(PaceTest, ANewTaskBeginsAnAction) {
  act(0.001F, 0, 1);
  act(0.001F, 0, 1);
  episode_.rows.back().task = "take it away";
  EXPECT_EQ(groups(), (std::vector<size_t>{0, 1}));
}

TEST_F(PaceTest, AJoinedActionGoesAllTheWayFromTheFirstObservation) {
  act(0.01F, 0, 1);
  act(0.01F, 0.01F, 1);
  act(0, 0, 0.5F);
  act(0, 0, 0);
  const data::EpisodeOnDisk recorded{
      .rows = episode_, .tracks = {{.file = "front.mp4", .seconds = {}, .from_s = 2, .fps = 10}}};
  const data::EpisodeOnDisk joined = join_rows(recorded, groups(), contract_);
  ASSERT_EQ(joined.rows.rows.size(), 2U);
  EXPECT_EQ(joined.rows.rows[0].action, (std::vector<float>{0.02F, 0.01F, 1}));
  EXPECT_EQ(joined.rows.rows[1].action, (std::vector<float>{0, 0, 0}));
  EXPECT_EQ(joined.rows.rows[1].state, episode_.rows[2].state);
  EXPECT_EQ(joined.rows.rows[1].index, 1);
  ASSERT_EQ(joined.tracks[0].seconds.size(), 2U);
  EXPECT_DOUBLE_EQ(joined.tracks[0].time_s(1), 2.2) << "the picture of its first row";
}

TEST_F(PaceTest, ThePaceOfAPolicyIsThatOfItsData) {
  for (int i = 0; i < 50; ++i) act(i % 2 ? 0.03F : 0.01F, -0.02F, i % 10 ? 1 : 0);
  for (data::Row& row : episode_.rows) row.images = {Image::black(8, 8)};
  data::FrameSet frames(8, 8);
  frames.add_embodiment(contract_);
  EXPECT_TRUE(pace_of(frames, 0).action.empty()) << "without data none is known";
  frames.add(0, episode_);
  const Pace pace = pace_of(frames, 0);
  EXPECT_NEAR(pace.action[0], 0.03, 1e-6);
  EXPECT_NEAR(pace.action[1], 0.02, 1e-6);
  EXPECT_NEAR(pace.action[2], 1, 1e-6) << "of a position its change counts";
  EXPECT_NEAR(pace.state[0], 0.03, 1e-6);
}

}  // namespace
}  // namespace gyre::flywheel
