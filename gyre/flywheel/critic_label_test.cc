#include "gyre/flywheel/critic_label.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_frames.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

// p policy, e expert, f fallback.
data::EpisodeRows attempt(const std::string& sources, bool success, int number = 0) {
  data::EpisodeRows episode{.embodiment = "toy/joint",
                            .task_name = "raise/first",
                            .family = "raise",
                            .instruction = "raise the first joint",
                            .seed = static_cast<uint64_t>(number),
                            .success = success,
                            .rows = {}};
  for (size_t i = 0; i < sources.size(); ++i) {
    const float height = success ? static_cast<float>(i) / static_cast<float>(sources.size()) : 0;
    const float jitter = 0.001F * static_cast<float>(number);
    Image image = Image::black(testing::kToyPixels, testing::kToyPixels);
    std::ranges::fill(image.rgb, static_cast<uint8_t>(200 * height));
    data::Row row;
    row.index = static_cast<int64_t>(i);
    row.images = {image};
    row.time_ns = static_cast<int64_t>(i) * 100'000'000;
    row.state = {height, jitter};
    row.action = {height, jitter};
    row.task = "raise the first joint";
    row.source = sources[i] == 'p'   ? Source::kPolicy
                 : sources[i] == 'e' ? Source::kExpert
                                     : Source::kFallback;
    row.intervention = sources[i] == 'e';
    episode.rows.push_back(row);
  }
  return episode;
}

TEST(CriticLabel, TheHighestAdvantagesOfEachSourceAreTargets) {
  const std::vector<data::EpisodeRows> episodes = {attempt("ppppp", true), attempt("eeeef", true)};
  const auto labels =
      positive_rows(episodes, {{1, 5, 2, 4, 3}, {0.4F, 0.1F, 0.3F, 0.2F, 9}}, {0.4, 0.75});
  EXPECT_EQ(labels[0].target, (std::vector<float>{0, 1, 0, 1, 0}));
  EXPECT_EQ(labels[1].target, (std::vector<float>{1, 0, 1, 1, 0}));  // fallback never
}

TEST(CriticLabel, RefusesAdvantagesThatAreNotFinite) {
  EXPECT_NE(message_of([] {
              positive_rows({attempt("pp", true)}, {{0, NAN}}, {});
            }).find("not finite"),
            std::string::npos);
}

TEST(CriticLabel, SeesStatePicturesAndWords) {
  const auto seen = critic_episode(attempt("pppp", true), testing::toy_contract("toy/joint"));
  EXPECT_EQ(seen.frames(), 4);
  EXPECT_EQ(seen.width, 2 + 8 * 8 * 3 + 16);
  EXPECT_EQ(seen.frame(2)[0], 0.5F);                     // of -1 .. 1
  EXPECT_NEAR(seen.frame(2)[2], 100 / 127.5 - 1, 1e-3);  // half of 200
}

class CriticDatasetTest : public ::testing::Test {
 protected:
  CriticDatasetTest() {
    data::DatasetWriter writer(folder_ / "data", testing::toy_contract("toy/joint"));
    for (int i = 0; i < 12; ++i) {
      const std::string own(12 + i, 'p');
      writer.add(attempt(i % 2 == 0 ? own : own.substr(6) + "eeeeee", i % 3 != 0, i));
    }
    writer.finish();
  }
  static train::CriticConfig small() {
    return {
        .critics = 2,
        .network = {.hidden = 16, .bins = 16, .batch = 64, .steps = 150, .learning_rate = 0.003}};
  }
  testing::TemporaryFolder folder_;
};

TEST_F(CriticDatasetTest, WritesALabelStreamThatSaysHowGoodItsCriticIs) {
  TargetLabels targets({progress_labeler(small())}, testing::toy_contract("toy/joint"));
  EXPECT_EQ(targets.write(folder_ / "data").count("progress"), 1U);
  const data::Dataset dataset(folder_ / "data");
  const data::Labels labels(dataset.folder());
  ASSERT_EQ(labels.streams().size(), 1U);
  EXPECT_EQ(labels.streams()[0].head.kind, "model");
  EXPECT_NE(labels.streams()[0].head.arguments.find("Spearman"), std::string::npos);
  int64_t good = 0, bad = 0;
  const auto frames = data::frame_labels(dataset, "progress");
  for (size_t i = 0; i < frames.size(); ++i) {
    for (const float target : frames[i]) (i % 3 != 0 ? good : bad) += target > 0 ? 1 : 0;
  }
  EXPECT_GT(good, 4 * bad);
}

TEST_F(CriticDatasetTest, LabelsOfAnotherDatasetAreRefused) {
  const auto fitted = progress_labeler(small())->fitted(data::Dataset(folder_ / "data"));
  EXPECT_NE(message_of([&] { fitted->label(attempt("pppp", true, 99)); }).find("another dataset"),
            std::string::npos);
  EXPECT_NE(message_of([&] { value_labeler()->label(attempt("pppp", true)); }).find("critic"),
            std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
