#include "gyre/flywheel/episodes.h"

#include <gtest/gtest.h>

#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

using testing::ToyArena;

// The hash of each demonstration.
std::vector<std::string> demonstrations(int workers, bool disturb) {
  const ToyArena arena;
  std::vector<std::string> hashes;
  EXPECT_TRUE(make_episodes(arena, nullptr, arena.deal("known", {"toy/joint"}, 6, 1),
                            demonstration(testing::kToyPixels, disturb), workers, "demonstrating",
                            [&](int64_t index, data::EpisodeRows&& episode) {
                              EXPECT_EQ(index, std::ssize(hashes));
                              EXPECT_TRUE(episode.success.value_or(false));
                              hashes.push_back(episode.hash());
                              return true;
                            }));
  return hashes;
}

TEST(Episodes, DisturbedDemonstrationsAreTheSameAgainWithAnyNumberOfWorkers) {
  const auto disturbed = demonstrations(1, true);
  ASSERT_EQ(disturbed.size(), 6U);
  EXPECT_EQ(demonstrations(3, true), disturbed);
  EXPECT_NE(demonstrations(1, false), disturbed);
  EXPECT_EQ(std::set(disturbed.begin(), disturbed.end()).size(), 6U);
}

TEST(Episodes, ADemonstrationIsWhatTheExpertDid) {
  const ToyArena arena;
  make_episodes(arena, nullptr, {arena.attempt("raise/first", "toy/joint", 4)},
                demonstration(testing::kToyPixels, false), 1, "demonstrating",
                [](int64_t, data::EpisodeRows&& episode) {
                  EXPECT_EQ(episode.embodiment, "toy/joint");
                  EXPECT_EQ(episode.task_name, "raise/first");
                  EXPECT_EQ(episode.seed, 4U);
                  EXPECT_GT(episode.rows.size(), 3U);
                  for (const data::Row& row : episode.rows) {
                    EXPECT_EQ(row.source, Source::kExpert);
                    EXPECT_EQ(row.subtask, "raise it");
                    EXPECT_EQ(row.images.at(0).width, testing::kToyPixels);
                    EXPECT_EQ(row.action.at(0), testing::kToyGoal);
                  }
                  return true;
                });
}

TEST(Episodes, TheHelperStepsInWhenNothingComesOfIt) {
  const testing::TemporaryFolder folder;
  testing::write_toy_policy(folder / "policy", {0, 0});
  const auto engine = infer::open_engine((folder / "policy").string());
  const ToyArena arena;
  make_episodes(arena, engine.get(), {arena.attempt("raise/first", "toy/joint", 4)},
                helped_attempt({}, {}), 1, "collecting", [](int64_t, data::EpisodeRows&& episode) {
                  EXPECT_TRUE(episode.success.value_or(false));
                  EXPECT_EQ(episode.rows.front().source, Source::kPolicy);
                  EXPECT_EQ(episode.rows.back().source, Source::kExpert);
                  for (const data::Row& row : episode.rows) {
                    EXPECT_EQ(row.intervention, row.source == Source::kExpert);
                    EXPECT_EQ(row.policy_action.size(), 2U) << "asked while the helper drives too";
                  }
                  return true;
                });
}

// Those that had ended when the stop came are handed over all the same.
TEST(Episodes, AStopKeepsWhatHasEnded) {
  const testing::StopRequest stop;
  ToyArena arena;
  arena.opening = [&](int number) {
    if (number == 3) stop.send();
  };
  int taken = 0;
  EXPECT_FALSE(make_episodes(arena, nullptr, arena.deal("known", {"toy/joint"}, 6, 1),
                             demonstration(testing::kToyPixels), 1, "demonstrating",
                             [&](int64_t, data::EpisodeRows&& episode) {
                               EXPECT_TRUE(episode.success.value_or(false));
                               ++taken;
                               return true;
                             }));
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace gyre::flywheel
