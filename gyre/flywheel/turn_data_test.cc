#include "gyre/flywheel/turn_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/recorded.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/flywheel/label.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class TurnDataTest : public ::testing::Test {
 protected:
  // Demonstrations as a dataset, with a label for each row.
  fs::path write_dataset(const std::string& name, const std::string& robot, int64_t episodes,
                         Source source = Source::kExpert) {
    fs::path folder = folder_ / name;
    data::DatasetWriter writer(folder, testing::toy_contract(robot));
    std::vector<data::Label> labels;
    const double fps = 1 / testing::toy_contract(robot).action_period_s;
    make_episodes(arena_, nullptr, arena_.deal("known", {robot}, episodes, 1),
                  demonstration(testing::kToyPixels), 1, "demonstrating",
                  [&](int64_t, data::EpisodeRows&& episode) {
                    for (data::Row& row : episode.rows) row.source = source;
                    writer.add(episode);
                    std::vector<float> targets(episode.rows.size(), 0);
                    targets.back() = 1;
                    data::add_row_labels(episode.hash(), fps, targets, labels);
                    return true;
                  });
    writer.finish();
    data::write_labels(
        folder,
        {.name = "last", .type = data::LabelType::kTarget, .author = "test", .kind = "program"},
        labels);
    return folder;
  }

  testing::ToyArena arena_;
  testing::TemporaryFolder folder_;
  const Embodiment toy_ = testing::toy_contract("toy/joint");
  const Embodiment twin_ = testing::toy_contract("twin/joint");
};

TEST_F(TurnDataTest, ReadsDatasetsWithTheirLabels) {
  const fs::path toy = write_dataset("a", "toy/joint", 2),
                 twin = write_dataset("b", "twin/joint", 1);
  const TurnData data = read_datasets({twin, toy}, {toy_, twin_}, "last");
  EXPECT_EQ(data.frames->episodes(), 3);
  ASSERT_EQ(data.targets.size(), data.frames->size());
  EXPECT_EQ(std::ranges::count(data.targets, 1.F), 3);
  ASSERT_EQ(data.origins.size(), 2U);
  EXPECT_EQ(data.origins[0].hash, data::Dataset(twin).hash());
  EXPECT_EQ(data.origins[1].episodes, 2);
  EXPECT_TRUE(read_datasets({toy}, {toy_}, "").targets.empty()) << "every action counts";
}

TEST_F(TurnDataTest, ReadsWhereSubtasksAreKnown) {
  const fs::path toy = write_dataset("a", "toy/joint", 1);
  EXPECT_TRUE(read_datasets({toy}, {toy_}, "last").text.empty()) << "as the targets";
  const data::Dataset dataset(toy);
  std::vector<data::Label> labels;
  const std::string hash = data::recorded_episodes(dataset).front().hash;
  const auto rows = static_cast<size_t>(dataset.episodes().front().length);
  data::add_row_labels(hash, 1 / toy_.action_period_s, std::vector<float>(rows, 1), labels);
  data::write_labels(toy,
                     {.name = kKnownSubtasks,
                      .type = data::LabelType::kTarget,
                      .author = "test",
                      .kind = "program"},
                     labels);
  const TurnData data = read_datasets({toy}, {toy_}, "last");
  EXPECT_EQ(data.text, std::vector<float>(rows, 1));
  EXPECT_EQ(std::ranges::count(data.targets, 1.F), 1);
}

// The toy's actions ask for no further motion once its goal is set, and it creeps there.
TEST_F(TurnDataTest, ReadsPeoplesTargetsAtThePaceOfAPolicy) {
  const fs::path by_hand = write_dataset("a", "toy/joint", 1, Source::kHuman),
                 by_expert = write_dataset("b", "toy/joint", 1);
  const std::vector<Pace> paces = {{.state = {0.1, 0.1}, .action = {0.1, 0.1}}};
  const TurnData recorded = read_datasets({by_hand}, {toy_}, "");
  const TurnData paced = read_datasets({by_hand}, {toy_}, "", paces);
  const size_t rows = recorded.frames->size();
  ASSERT_GT(rows, 3U);
  ASSERT_EQ(paced.frames->size(), (rows + 2) / 3) << "three rows are one action";
  EXPECT_EQ(paced.origins[0].frames, static_cast<int64_t>(paced.frames->size()));
  const auto same = [&](size_t at, size_t from) {
    return std::ranges::equal(paced.frames->frame(at).state, recorded.frames->frame(from).state) &&
           std::ranges::equal(paced.frames->pixels(at, 0).rgb,
                              recorded.frames->pixels(from, 0).rgb);
  };
  EXPECT_TRUE(same(1, 3)) << "state and picture of the first of the three";
  EXPECT_EQ(read_datasets({by_expert}, {toy_}, "", paces).frames->size(), rows)
      << "the helper's stay as they are";
}

TEST_F(TurnDataTest, RefusesLabelsOfAnotherRecording) {
  const fs::path one = write_dataset("a", "toy/joint", 2),
                 other = write_dataset("b", "toy/joint", 1);
  fs::remove_all(one / "labels");
  fs::rename(other / "labels", one / "labels");
  EXPECT_THAT(message_of([&] { read_datasets({one}, {toy_}, "last"); }),
              HasSubstr("do not say whether each frame of episode 1 is a target"));
  EXPECT_THAT(message_of([&] { read_datasets({one}, {twin_}, ""); }), HasSubstr("another robot"));
}

TEST_F(TurnDataTest, FindsOldDataForEachRobot) {
  const fs::path toy = write_dataset("old/a", "toy/joint", 1),
                 twin = write_dataset("old/b", "twin/joint", 1);
  EXPECT_EQ(replay_folders(folder_ / "old", {twin_, toy_}), (std::vector{twin, toy}));
  EXPECT_EQ(replay_folders(toy, {toy_}), std::vector{toy});
  EXPECT_THAT(message_of([&] { replay_folders(toy, {twin_}); }), HasSubstr("twin/joint"));
  EXPECT_THAT(message_of([&] { replay_folders(folder_ / "nothing", {toy_}); }),
              HasSubstr("nothing"));
}

TEST_F(TurnDataTest, DemonstrationsAreTheSameAgainWithAnyNumberOfWorkers) {
  const TurnData one =
      demonstrate_again(arena_, "known", {"toy/joint", "twin/joint"}, {toy_, twin_}, 6, 1);
  const TurnData two =
      demonstrate_again(arena_, "known", {"toy/joint", "twin/joint"}, {toy_, twin_}, 6, 3);
  EXPECT_EQ(one.frames->episodes(), 6);
  for (const int robot : {0, 1}) {
    EXPECT_EQ(two.frames->content_hash(robot), one.frames->content_hash(robot));
  }
  EXPECT_NE(one.frames->content_hash(0), one.frames->content_hash(1));
}

// Their scenes are none that a policy is judged on: dealt seeds have 53 bits.
TEST_F(TurnDataTest, DemonstrationsHaveSeedsOfTheirOwn) {
  const auto attempts = demonstrated(arena_, "known", {"toy/joint"}, 3);
  EXPECT_EQ(attempts[0].seed + 1, attempts[1].seed);
  EXPECT_LT(attempts[2].seed, 1'000'000'000U);
}

}  // namespace
}  // namespace gyre::flywheel
