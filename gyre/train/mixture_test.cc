#include "gyre/train/mixture.h"

#include <gtest/gtest.h>

#include <set>

#include "gyre/core/error.h"
#include "gyre/data/frame_set.h"

namespace gyre::train {
namespace {

constexpr int kFrameSide = 4;

Embodiment arm(const std::string& name, double reach = 1) {
  return {.name = name,
          .action_period_s = 0.1,
          .state = {{.name = "x", .unit = "m", .min = -reach, .max = reach}},
          .action = {{.name = "x", .unit = "m", .min = -reach, .max = reach}},
          .cameras = {{"front", kFrameSide, kFrameSide, "fixed"}},
          .workspace = {}};
}

void add_episodes(data::FrameSet& frames, const Embodiment& contract, int episodes,
                  const std::vector<std::string>& subtasks) {
  const int embodiment = frames.add_embodiment(contract);
  for (int e = 0; e < episodes; ++e) {
    data::EpisodeRows episode{.embodiment = contract.name,
                              .task_name = "",
                              .family = "",
                              .instruction = "go",
                              .success = {},
                              .rows = {}};
    for (const std::string& subtask : subtasks) {
      data::Row step;
      step.images = {Image::black(kFrameSide, kFrameSide)};
      step.state = {0.1f};
      step.task = "go";
      step.subtask = subtask;
      step.action = {0.1f * static_cast<float>(e)};
      episode.rows.push_back(step);
    }
    frames.add(embodiment, episode);
  }
}

TEST(Mixture, SharesFollowWeightsThenEmbodiments) {
  data::FrameSet old_frames(kFrameSide, kFrameSide), new_frames(kFrameSide, kFrameSide);
  add_episodes(old_frames, arm("a"), 9, {"one", "one"});
  add_episodes(old_frames, arm("b"), 1, {"one", "one"});
  add_episodes(new_frames, arm("a"), 1, {"one"});
  const Mixture mixture({{&old_frames, 3, {}}, {&new_frames, 1, {}}}, {.fraction = 0}, 1);
  ASSERT_EQ(mixture.embodiments().size(), 2u);
  constexpr int kDraws = 8000;
  int of_new = 0, of_b = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Pick pick = mixture.draw(i);
    of_new += pick.source->frames == &new_frames;
    of_b += pick.embodiment == 1;
  }
  EXPECT_NEAR(of_new / static_cast<double>(kDraws), 0.25, 0.02);
  EXPECT_NEAR(of_b / static_cast<double>(kDraws), 0.375, 0.02);  // half of the old share
}

TEST(Mixture, WeightsSayHowOftenAFrameIsDrawn) {
  data::FrameSet frames(kFrameSide, kFrameSide);
  add_episodes(frames, arm("a"), 2, {"one", "one"});
  const Mixture mixture({{.frames = &frames, .weights = {2, 0, 1, 1}}}, {.fraction = 0}, 1);
  std::vector<int> count(4);
  for (int i = 0; i < 200; ++i) ++count[mixture.draw(i).frame];
  EXPECT_EQ(count, (std::vector<int>{100, 0, 50, 50}));
  EXPECT_THROW(Mixture({{.frames = &frames, .weights = {0, 0, 0, 0}}}, {.fraction = 0}, 1), Error);
}

TEST(Mixture, HeldOutEpisodesAreNeverDrawn) {
  data::FrameSet frames(kFrameSide, kFrameSide);
  add_episodes(frames, arm("a"), 20, {"one", "one", "one"});
  const Mixture mixture({{&frames, 1, {}}}, {.fraction = 0.2, .frames = 6}, 1);
  std::set<int> held_out;
  for (const Pick& pick : mixture.held_out()) held_out.insert(pick.get().episode);
  EXPECT_EQ(mixture.held_out().size(), 6u);
  EXPECT_EQ(held_out.size(), 4u);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(held_out.contains(mixture.draw(i).get().episode));
  }
}

TEST(Mixture, HalfTheTextIsOfLongTasks) {
  data::FrameSet frames(kFrameSide, kFrameSide);
  add_episodes(frames, arm("a"), 9, {"one", "one"});
  add_episodes(frames, arm("a"), 1, {"one", "two"});
  add_episodes(frames, arm("a"), 5, {"", ""});
  const Mixture mixture({{&frames, 1, {}}}, {.fraction = 0}, 1);
  int of_long = 0;
  for (int i = 0; i < 4000; ++i) {
    const Pick pick = mixture.draw_text(i);
    EXPECT_FALSE(pick.get().subtask.empty());
    EXPECT_EQ(pick.long_task, pick.get().episode == 9);
    of_long += pick.long_task;
  }
  EXPECT_NEAR(of_long / 4000.0, 0.5, 0.03);
}

TEST(Mixture, OneNameIsOneContract) {
  data::FrameSet near_frames(kFrameSide, kFrameSide), far_frames(kFrameSide, kFrameSide);
  add_episodes(near_frames, arm("a", 1), 1, {""});
  add_episodes(far_frames, arm("a", 2), 1, {""});
  EXPECT_THROW(Mixture({{&near_frames, 1, {}}, {&far_frames, 1, {}}}, {.fraction = 0}, 1), Error);
}

TEST(Mixture, RelativeActionsHaveStatisticsOfTheirOwn) {
  data::FrameSet frames(kFrameSide, kFrameSide);
  add_episodes(frames, arm("a"), 3, {"", ""});  // actions 0, 0.1 and 0.2 at a state of 0.1
  const Mixture mixture({{&frames, 1, {}}}, {.fraction = 0}, 1);
  EXPECT_TRUE(mixture.statistics(0, false, 4).relative_to.empty());
  const TrainedEmbodiment trained = mixture.statistics(0, true, 4);
  EXPECT_EQ(trained.relative_to, std::vector<int>{0});
  EXPECT_NEAR(trained.action.min[0], 0, 1e-6);
  const Stats& relative = trained.relative_action;
  ASSERT_EQ(relative.dim(), 4U);  // of each action of a chunk, also beyond the episodes' two
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(relative.min[i], -0.1, 1e-6);
    EXPECT_NEAR(relative.max[i], 0.1, 1e-6);
  }
  EXPECT_EQ(relative.count, 6);  // an action a frame is the first of its chunk
}

// A component that moves in one step of a hundred: its quantiles alone are a hundredth of its
// range.
TEST(Widened, SeldomMovingComponentsStayInReach) {
  RunningStats running(1);
  for (int i = 0; i < 1000; ++i) {
    running.add(std::vector<float>{i % 200 == 0 ? 0.5f : 0.001f * static_cast<float>(i % 2)});
  }
  const Stats stats = widened(running.stats(), arm("a").action);
  EXPECT_NEAR(stats.q99[0] - stats.q01[0], 0.125, 1e-6);
  const double normal = 2 * (0.5 - stats.q01[0]) / (stats.q99[0] - stats.q01[0]) - 1;
  EXPECT_LT(normal, 10);
}

// Its own wrong states, rightly named: no action to learn, but words.
TEST(Mixture, TextIsLearntWhereTheSubtaskIsKnown) {
  data::FrameSet frames(kFrameSide, kFrameSide);
  add_episodes(frames, arm("a"), 1, {"one", "two", "two", ""});
  const Mixture mixture({{.frames = &frames, .targets = {1, 0, 0, 1}, .text = {0, 1, 0, 1}}},
                        {.fraction = 0}, 1);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(mixture.draw(i).frame % 3, 0U);
    EXPECT_EQ(mixture.draw_text(i).frame, 1U);
  }
}

}  // namespace
}  // namespace gyre::train
