#include "gyre/data/frame_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "gyre/core/testing.h"
#include "gyre/data/non_finite.h"
#include "gyre/data/testing.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

using testing::small_embodiment;
using testing::small_episode;

TEST(FrameSet, FramesAreTheStepsInOrder) {
  FrameSet set(16, 16);
  const int arm = set.add_embodiment(small_embodiment());
  EXPECT_EQ(set.add(arm, small_episode(5, 2)), 0);
  EXPECT_EQ(set.add(arm, small_episode(3, 3)), 1);
  ASSERT_EQ(set.size(), 8u);
  EXPECT_EQ(set.cameras(), 2);
  const Sample frame = set.frame(6);
  const EpisodeRows episode = small_episode(3, 3);
  const Row& step = episode.rows[1];
  EXPECT_EQ(frame.episode, 1);
  EXPECT_EQ(frame.index, 1);
  EXPECT_EQ(frame.remaining, 2);
  EXPECT_EQ(set.pixels(6, 1).rgb.size(), 16u * 16 * 3);
  EXPECT_TRUE(std::ranges::equal(set.pixels(6, 1).rgb, io::resize(step.images[1], 16, 16).rgb));
  EXPECT_TRUE(std::ranges::equal(frame.action, step.action));
  EXPECT_TRUE(std::ranges::equal(frame.state, step.state));
  EXPECT_TRUE(std::ranges::equal(frame.grounding, step.grounding));
  EXPECT_EQ(frame.task, step.task);
  EXPECT_EQ(frame.subtask, step.subtask);
  EXPECT_EQ(frame.success, false);
  EXPECT_EQ(set.frame(7).source, Source::kExpert);
  EXPECT_TRUE(set.frame(7).intervention);
  EXPECT_EQ(set.episode(1).hash, episode.hash());
  EXPECT_THROW(set.frame(8), Error);
}

TEST(FrameSet, ChunksRepeatTheLastActionBeyondTheEnd) {
  FrameSet set(8, 8);
  const int arm = set.add_embodiment(small_embodiment());
  const EpisodeRows episode = small_episode(5, 2);
  set.add(arm, episode);
  set.add(arm, small_episode(5, 3));
  std::vector<float> chunk(4 * 2);
  std::vector<uint8_t> pad(4);
  set.action_chunk(3, 4, chunk, pad);
  EXPECT_EQ(pad, (std::vector<uint8_t>{0, 0, 1, 1}));
  const auto &a3 = episode.rows[3].action, &a4 = episode.rows[4].action;
  EXPECT_EQ(chunk, (std::vector<float>{a3[0], a3[1], a4[0], a4[1], a4[0], a4[1], a4[0], a4[1]}));
  EXPECT_THROW(set.action_chunk(0, 5, chunk, pad), Error);
}

TEST(FrameSet, WindowsStayInTheirEpisode) {
  FrameSet set(8, 8);
  const int arm = set.add_embodiment(small_embodiment());  // 10 Hz
  set.add(arm, small_episode(5, 2));
  set.add(arm, small_episode(4, 3));
  const std::vector<double> offsets = {-0.2, -0.1, 0, 0.30000001, 0.1};
  std::vector<size_t> frames(5);
  std::vector<uint8_t> pad(5);
  set.window(6, offsets, frames, pad);  // the second of the second episode
  EXPECT_EQ(frames, (std::vector<size_t>{5, 5, 6, 8, 7}));
  EXPECT_EQ(pad, (std::vector<uint8_t>{1, 0, 0, 1, 0}));
  const std::vector<double> between = {0.05};
  EXPECT_THAT(message_of([&] {
                set.window(6, between, std::span(frames).first(1), std::span(pad).first(1));
              }),
              ::testing::HasSubstr("an offset of 0.05 s, the action period is 0.1 s"));
}

TEST(FrameSet, StatisticsAreOfOneContract) {
  FrameSet set(8, 8);
  Embodiment other = small_embodiment();
  other.name = "other/joint";
  const int a = set.add_embodiment(small_embodiment()), b = set.add_embodiment(other);
  EXPECT_EQ(set.add_embodiment(small_embodiment()), a);
  set.add(a, small_episode(5, 2));
  EpisodeRows flat = small_episode(4, 3);
  for (Row& step : flat.rows) step.action = {9, 9};
  set.add(b, flat);
  EXPECT_EQ(set.action_stats(b).count, 4);
  EXPECT_DOUBLE_EQ(set.action_stats(b).mean[0], 9);
  EXPECT_LE(set.action_stats(a).max[0], 1);
  EXPECT_EQ(set.state_stats(a).dim(), 3u);
}

TEST(FrameSet, TheContentHashFollowsAContractsEpisodes) {
  const auto hash = [](const std::vector<uint64_t>& seeds, bool other, int side) {
    FrameSet set(side, 8);
    Embodiment foreign = small_embodiment();
    foreign.name = "other/joint";
    const int arm = set.add_embodiment(small_embodiment());
    for (const uint64_t seed : seeds) set.add(arm, small_episode(5, seed));
    if (other) set.add(set.add_embodiment(foreign), small_episode(5, 9));
    return set.content_hash(arm);
  };
  EXPECT_EQ(hash({1, 2}, false, 8).size(), 64u);
  EXPECT_EQ(hash({1, 2}, true, 8), hash({1, 2}, false, 8));
  EXPECT_NE(hash({1, 3}, false, 8), hash({1, 2}, false, 8));
  EXPECT_NE(hash({1}, false, 8), hash({1, 2}, false, 8));
  EXPECT_NE(hash({1, 2}, false, 4), hash({1, 2}, false, 8));
}

TEST(FrameSet, RefusesWhatDoesNotFit) {
  FrameSet set(8, 8);
  const int arm = set.add_embodiment(small_embodiment());
  EpisodeRows wide = small_episode(2, 1), infinite = wide, blind = wide, empty = wide;
  wide.rows[1].action.push_back(0);
  infinite.rows[0].state[0] = std::numeric_limits<float>::infinity();
  blind.rows[1].images.pop_back();
  empty.rows.clear();
  for (const EpisodeRows& bad : {wide, infinite, blind, empty})
    EXPECT_THROW(set.add(arm, bad), Error);
  EXPECT_EQ(set.size(), 0u);
  Embodiment one_camera = small_embodiment();
  one_camera.cameras.pop_back();
  EXPECT_THROW(set.add_embodiment(one_camera), Error);
}

// A servo that did not answer: its frames are neither observations nor targets.
TEST(FrameSet, RowsThatAreNotFiniteBecomeHoles) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EpisodeRows episode = small_episode(6, 2), whole = episode;
  episode.rows[0].state[1] = nan;
  episode.rows[3].action[0] = nan;
  EXPECT_THAT(
      message_of([&] { require_finite(episode, small_embodiment(), "DIR", 7, "leave it out"); }),
      ::testing::HasSubstr("DIR: episode 7, frame 0: state 'elbow' is nan"));
  FrameSet set(8, 8);
  const int arm = set.add_embodiment(small_embodiment());
  EXPECT_THAT(message_of([&] { set.add(arm, episode); }), ::testing::HasSubstr("state 'elbow'"));
  EXPECT_TRUE(set.targets().empty());
  set.add(arm, small_episode(2, 3));
  set.add(arm, episode, NonFiniteRows::kDrop);
  EXPECT_EQ(set.targets(), (std::vector<float>{1, 1, 0, 1, 1, 0, 1, 1}));
  EXPECT_EQ(set.episode(1).holes, 2);
  EXPECT_FALSE(set.frame(5).usable);
  EXPECT_TRUE(set.frame(6).usable);
  EXPECT_TRUE(std::ranges::equal(set.frame(2).state, whole.rows[1].state));
  EXPECT_TRUE(std::ranges::equal(set.frame(6).state, whole.rows[4].state));
  std::vector<float> chunk(3 * 2);
  std::vector<uint8_t> pad(3);
  set.action_chunk(4, 3, chunk, pad);
  const auto &a2 = whole.rows[2].action, &a4 = whole.rows[4].action;
  EXPECT_EQ(chunk, (std::vector<float>{a2[0], a2[1], a2[0], a2[1], a4[0], a4[1]}));
  EXPECT_EQ(set.action_stats(arm).count, 6);
  for (Row& row : episode.rows) row.state[0] = nan;
  EXPECT_THAT(message_of([&] { set.add(arm, episode, NonFiniteRows::kDrop); }),
              ::testing::HasSubstr("none of its steps"));
}

// The trainer samples while the collector adds.
TEST(FrameSet, GrowsWhileItIsRead) {
  FrameSet set(8, 8);
  const int arm = set.add_embodiment(small_embodiment());
  set.add(arm, small_episode(4, 0));
  const uint8_t* address = set.pixels(0, 0).rgb.data();
  std::thread adder([&] {
    for (uint64_t seed = 1; seed < 40; ++seed) set.add(arm, small_episode(4, seed));
  });
  std::vector<float> chunk(10 * 2);
  std::vector<uint8_t> pad(10);
  for (size_t i = 0; i < 2000; ++i) {
    const size_t index = i % set.size();
    EXPECT_EQ(set.frame(index).episode, static_cast<int>(index / 4));
    set.action_chunk(index, 10, chunk, pad);
  }
  adder.join();
  EXPECT_EQ(set.size(), 160u);
  EXPECT_EQ(set.pixels(0, 0).rgb.data(), address);
}

}  // namespace
}  // namespace gyre::data
