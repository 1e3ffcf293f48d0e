#include "gyre/data/dataset_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"

namespace gyre::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DatasetFilter : public ::testing::Test {
 protected:
  void SetUp() override { testing::write_dataset(folder_ / "d's", {8, 5, 6, 4}); }
  std::vector<int64_t> where(const std::string& sql) const {
    return filter_episodes(folder_ / "d's", {.where = sql, .having = ""});
  }
  std::vector<int64_t> having(const std::string& sql) const {
    return filter_episodes(folder_ / "d's", {.where = "", .having = sql});
  }
  testing::TemporaryFolder folder_;
};

TEST_F(DatasetFilter, EpisodesByWhatMetaSays) {
  EXPECT_THAT(where("length > 5"), ElementsAre(0, 2));
  EXPECT_THAT(where("length > 4 AND success"), ElementsAre(0, 2));  // even seeds succeed
  EXPECT_THAT(where("NOT success"), ElementsAre(1, 3));
  EXPECT_THAT(where("task = 'move the arm' AND seed = 3"), ElementsAre(3));
  EXPECT_THAT(where("seconds < 0.45 OR task_name = 'move/0'"), ElementsAre(0, 3));
  EXPECT_THAT(where("list_contains(tasks, 'turn')"), IsEmpty());
}

TEST_F(DatasetFilter, EpisodesByTheirSteps) {
  EXPECT_THAT(having("count(*) = 6"), ElementsAre(2));
  EXPECT_THAT(having("max(state[1]) > 0.95"), ElementsAre(1));  // sin(phase + seed)
  EXPECT_THAT(where("episode_index IN (SELECT episode_index FROM steps WHERE intervention "
                    "GROUP BY ALL HAVING count(*) > 1)"),
              ElementsAre(0, 2));
  EXPECT_THAT(
      filter_episodes(folder_ / "d's",
                      {.where = "success", .having = "count(*) FILTER (WHERE intervention) > 1"}),
      ElementsAre(0, 2));
}

TEST_F(DatasetFilter, ANumberForEachStep) {
  const auto weights =
      weigh_steps(folder_ / "d's", "CASE WHEN success THEN frame_index ELSE 1 END");
  ASSERT_EQ(weights.size(), 4U);
  EXPECT_THAT(weights[1], ElementsAre(1, 1, 1, 1, 1));
  EXPECT_THAT(weights[2], ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(message_of([&] { weigh_steps(folder_ / "d's", "3 - frame_index"); }),
              HasSubstr("is no number from 0 up at episode 0, frame 4"));
  EXPECT_THAT(message_of([&] { weigh_steps(folder_ / "d's", "task"); }),
              HasSubstr("Could not convert"));
  EXPECT_THAT(message_of([&] { weigh_steps(folder_ / "d's", "lenght"); }), HasSubstr("lenght"));
}

TEST_F(DatasetFilter, EpisodesByTheirLabels) {
  const std::string asked = "episode_index IN (SELECT episode_index FROM labels WHERE value > 0.5)";
  EXPECT_THAT(where(asked), IsEmpty());
  std::vector<Label> labels;
  add_row_labels(Dataset(folder_ / "d's").episodes()[2].hash, 10, std::vector<float>(6, 0.75F),
                 labels);
  write_labels(folder_ / "d's",
               {.name = "quality", .type = LabelType::kQuality, .author = "ann", .kind = "person"},
               labels);
  EXPECT_THAT(where(asked), ElementsAre(2));
}

TEST_F(DatasetFilter, AQuestionThatIsNoneIsOneLine) {
  const std::string message = message_of([&] { where("lenght > 3"); });
  EXPECT_THAT(message, HasSubstr("lenght"));
  EXPECT_EQ(message.find("LINE"), std::string::npos);
  EXPECT_THAT(message_of([&] { where("length >"); }), HasSubstr("docs/data.md"));
}

}  // namespace
}  // namespace gyre::data
