// Numbers as other people store them: every type, what is missing, times, statistics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/foreign_testing.h"
#include "gyre/data/frame_times.h"

namespace gyre::data {
namespace {

using ::testing::AllOf;
using testing::ForeignFolder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;
using testing::Told;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The folder with every row of its data file passed through SQL: "REPLACE (...)".
std::filesystem::path written_as(const ForeignFolder& foreign, const std::filesystem::path& folder,
                                 const std::string& replace) {
  foreign.write(folder);
  const std::string file = (folder / "data/chunk-000/file-000.parquet").string();
  const io::Parquet& parquet = ForeignFolder::parquet();
  parquet.query("COPY (SELECT * REPLACE (" + replace + ") FROM read_parquet('" + file + "')) TO '" +
                    file + ".new' (FORMAT parquet)",
                replace);
  std::filesystem::rename(file + ".new", file);
  return folder;
}

TEST(DatasetNumbers, AnyTypeOfColumnIsRead) {
  for (
      const char* replace :
      {R"("observation.state"::DOUBLE[] AS "observation.state")",
       R"("observation.state"::FLOAT[3] AS "observation.state")",
       R"("observation.state"::DECIMAL(9,3)[] AS "observation.state")",
       R"("observation.state"::DECIMAL(30,6)[] AS "observation.state")",
       R"([["observation.state"[1], "observation.state"[2]], ["observation.state"[3]]] AS "observation.state")",
       R"(action::SMALLINT[] AS action)", R"(action::BIGINT[] AS action)",
       R"("timestamp"::DOUBLE AS "timestamp")", R"(["timestamp"] AS "timestamp")",
       R"(frame_index::DOUBLE AS frame_index, task_index::FLOAT AS task_index)",
       R"(frame_index::UTINYINT AS frame_index, episode_index::INTEGER AS episode_index)",
       R"(episode_index::DOUBLE AS episode_index)", R"([frame_index] AS frame_index)",
       R"({'path': 'x', 'bytes': "observation.images.top".bytes} AS "observation.images.top")",
       R"("observation.images.top".bytes AS "observation.images.top")"}) {
    TemporaryFolder folder;
    const Dataset dataset(written_as(ForeignFolder(), folder / "d", replace));
    const EpisodeRows episode = dataset.read(1);
    ASSERT_EQ(episode.rows.size(), 4u) << replace;
    for (int f = 0; f < 4; ++f) {
      const Row& row = episode.rows[static_cast<size_t>(f)];
      EXPECT_EQ(row.state, ForeignFolder::state(1, f)) << replace;
      EXPECT_EQ(row.action, ForeignFolder::action(1, f)) << replace;
      EXPECT_EQ(row.index, f) << replace;
      EXPECT_EQ(row.task, "fold it") << replace;
      EXPECT_EQ(row.time_ns, f * 100'000'000LL) << replace;
      EXPECT_EQ(row.images[0], ForeignFolder::picture(1, f)) << replace;
    }
  }
}

TEST(DatasetNumbers, OneNumberMayBeAListAndAListOneNumber) {
  ForeignFolder foreign;
  foreign.info["features"]["action"] = {{"dtype", "float32"}, {"shape", {1}}, {"names", {"grip"}}};
  for (const char* replace : {"action[1] AS action", "[action[1]] AS action"}) {
    TemporaryFolder folder;
    const Dataset dataset(written_as(foreign, folder / "d", replace));
    EXPECT_EQ(dataset.read(0).rows[3].action, std::vector<float>{4}) << replace;
  }
}

TEST(DatasetNumbers, WhatIsNoNumberOrOfAnotherWidthIsNamed) {
  const auto read = [](const std::string& replace) {
    TemporaryFolder folder;
    const auto path = written_as(ForeignFolder(), folder / "d", replace);
    return message_of([&] { Dataset(path).read(1); });
  };
  EXPECT_THAT(read("'x' AS action"), AllOf(HasSubstr("file-000.parquet"), HasSubstr("'action'")));
  EXPECT_THAT(read("[1.0, 2.0, 3.0] AS action"),
              HasSubstr("column 'action' holds 3 numbers in row 0, where meta/ says 2"));
  EXPECT_THAT(read("now() AS action"), AllOf(HasSubstr("'action'"), HasSubstr("TIMESTAMP")));
  EXPECT_THAT(read("frame_index + 0.5 AS frame_index"), HasSubstr("no whole number"));
  EXPECT_THAT(read("(3 - frame_index) AS frame_index"), HasSubstr("frame_index goes from"));
  EXPECT_THAT(read("1 AS \"observation.images.top\""), HasSubstr("holds no pictures"));
  EXPECT_THAT(read("{'bytes': NULL::BLOB, 'path': 'none.png'} AS \"observation.images.top\""),
              HasSubstr("holds no picture"));
}

TEST(DatasetNumbers, WhatIsMissingIsNotANumber) {
  TemporaryFolder folder;
  const Dataset dataset(written_as(ForeignFolder(), folder / "d",
                                   "CASE WHEN frame_index = 2 THEN NULL ELSE action END AS action, "
                                   "[NULL, 1, 2]::FLOAT[] AS \"observation.state\""));
  const EpisodeRows episode = dataset.read(0);
  EXPECT_EQ(episode.rows[1].action, ForeignFolder::action(0, 1));
  EXPECT_TRUE(std::isnan(episode.rows[2].action[1]));
  EXPECT_TRUE(std::isnan(episode.rows[0].state[0]));
  EXPECT_EQ(episode.rows[0].state[2], 2);
}

TEST(DatasetNumbers, FramesASecondAreAPositiveNumber) {
  for (const double fps : {29.97, 0.5, 0.4, 30.0}) {
    TemporaryFolder folder;
    const Dataset dataset(ForeignFolder({4}, fps, true).write(folder / "d"));
    EXPECT_EQ(dataset.fps(), fps);
    EXPECT_DOUBLE_EQ(dataset.embodiment().action_period_s, 1 / fps);
    EXPECT_EQ(dataset.read(0).rows[3].time_ns, std::llround(3e9 / fps));
  }
  for (const char* fps : {"0", "-3", "NaN", "\"30\"", "1e999", "null"}) {
    TemporaryFolder folder;
    ForeignFolder foreign;
    foreign.write(folder / "d");
    std::string text = io::read_text(folder / "d/meta/info.json");
    text.replace(text.find("\"fps\": 10.0"), 11, std::string("\"fps\": ") + fps);
    ForeignFolder::write_text(folder / "d/meta/info.json", text);
    EXPECT_THAT(message_of([&] { Dataset(folder / "d"); }), HasSubstr("meta/info.json")) << fps;
  }
}

io::Column stamps(int frames, double fps, double offset, bool single) {
  std::vector<double> times(static_cast<size_t>(frames));
  for (int i = 0; i < frames; ++i) times[static_cast<size_t>(i)] = i / fps + offset;
  if (!single) return io::double_column("timestamp", times);
  return io::float_column("timestamp", {times.begin(), times.end()});
}

TEST(FrameTimes, AreTheFramesNumberByTheRateWhereTheRecordedAgree) {
  const int hours = 3 * 3600 * 30;
  const FrameTimes times =
      frame_times(nullptr, std::make_unique<io::Column>(stamps(hours, 30, 0, true)).get(),
                  static_cast<size_t>(hours), 30, 1e-4, {});
  EXPECT_FALSE(times.recorded);
  EXPECT_DOUBLE_EQ(times.seconds.back(), (hours - 1) / 30.0);
  EXPECT_EQ(times.slack_s, 0);

  const io::Column late = stamps(10, 30, 0.01, false);
  EXPECT_TRUE(frame_times(nullptr, &late, 10, 30, 1e-4, {}).recorded);
  EXPECT_DOUBLE_EQ(frame_times(nullptr, &late, 10, 30, 1e-4, {}).seconds[3], 0.11);
  EXPECT_DOUBLE_EQ(frame_times(nullptr, &late, 10, 30, 0.02, {}).seconds[3], 0.1);

  io::Column back = stamps(10, 30, 1, false);
  back.doubles[5] = 0.2;
  EXPECT_THAT(message_of([&] { frame_times(nullptr, &back, 10, 30, 1e-4, {}); }),
              HasSubstr("goes back from 1.1333333333333333 to 0.2 s at frame 5"));
}

TEST(FrameTimes, ACounterOfTooFewBitsIsCountedOn) {
  for (const auto& [first, last] : {std::pair{0, 65535}, {-32768, 32767}, {0, 255}}) {
    std::vector<int64_t> numbers;
    for (int64_t i = last - 2; i <= last; ++i) numbers.push_back(i);
    for (int64_t i = first; i < first + 3; ++i) numbers.push_back(i);
    const io::Column column = io::int_column("frame_index", numbers);
    Told told;
    const FrameTimes times =
        frame_times(&column, nullptr, numbers.size(), 10, 1e-4, Notices(told.tell()));
    EXPECT_EQ(times.number.back(), last + 3);
    EXPECT_EQ(told.lines->size(), 1u);
    EXPECT_THAT(told.text(), HasSubstr("begins anew after " + std::to_string(last)));
  }
  const io::Column again = io::int_column("frame_index", {0, 1, 2, 0, 1});
  EXPECT_THAT(message_of([&] { frame_times(&again, nullptr, 5, 10, 1e-4, {}); }),
              HasSubstr("from 2 to 0 in row 3"));
}

// An hour of video whose last frames are wanted: times of single precision are 0.1 ms off there.
TEST(DatasetNumbers, ALongEpisodeIsReadToItsEnd) {
  ForeignFolder foreign({30}, 30, true);
  TemporaryFolder folder;
  const auto path = foreign.write(folder / "d");
  const io::Parquet& parquet = ForeignFolder::parquet();
  // 40 minutes, of which only the last second has pictures: they lie at the file's beginning.
  io::Table rows = foreign.data[0];
  for (size_t i = 0; i < 30; ++i) {
    ForeignFolder::column(rows, "frame_index").ints[i] = 71970 + static_cast<int64_t>(i);
    ForeignFolder::column(rows, "timestamp").floats[i] =
        static_cast<float>((71970.0 + static_cast<double>(i)) / 30);
  }
  parquet.write(path / "data/chunk-000/file-000.parquet", std::array{rows});
  io::Table episodes = foreign.episodes;
  ForeignFolder::column(episodes, "videos/observation.images.top/from_timestamp").doubles[0] =
      -71970.0 / 30;
  parquet.write(path / "meta/episodes/chunk-000/file-000.parquet", std::array{episodes});
  const EpisodeRows episode = Dataset(path).read(0);
  EXPECT_LT(testing::mean_difference(episode.rows[29].images[0], ForeignFolder::picture(0, 29)), 8);
}

TEST(DatasetNumbers, TimesFurtherOffNeedTheFlag) {
  ForeignFolder foreign({12}, 10, true);
  for (float& time : ForeignFolder::column(foreign.data[0], "timestamp").floats) time += 0.02f;
  TemporaryFolder folder;
  const auto path = foreign.write(folder / "d");
  EXPECT_THAT(message_of([&] { Dataset(path).read(0); }), HasSubstr("--time-tolerance"));
  const EpisodeRows episode = Dataset(path, {.time_tolerance_s = 0.03}).read(0);
  EXPECT_LT(testing::mean_difference(episode.rows[9].images[0], ForeignFolder::picture(0, 9)), 8);
  EXPECT_THAT(message_of([&] { Dataset(path, {.time_tolerance_s = kNaN}); }),
              HasSubstr("--time-tolerance"));
}

TEST(DatasetNumbers, StatisticsThatAreNotFiniteCountAsNotStated) {
  ForeignFolder foreign;
  TemporaryFolder folder;
  foreign.write(folder / "d");
  std::string text = foreign.stats.dump();
  text.pop_back();
  text += R"(, "observation.effort": {"mean": [NaN, 1], "std": [Infinity, NaN], "min": [0, 0]}})";
  ForeignFolder::write_text(folder / "d/meta/stats.json", text);
  Told told;
  const Dataset dataset(folder / "d", {.tell = told.tell()});
  ASSERT_EQ(told.lines->size(), 1u) << told.text();
  EXPECT_THAT(told.text(),
              AllOf(HasSubstr("meta/stats.json"), HasSubstr("observation.effort (mean, std)")));
  EXPECT_TRUE(dataset.stats("observation.effort")->mean.empty());
  EXPECT_EQ(dataset.stats("observation.effort")->min, (std::vector<double>{0, 0}));
  EXPECT_EQ(dataset.stats("action")->std, (std::vector<double>{1, 1}));
  EXPECT_EQ(dataset.read(1).rows.size(), 4u);

  // Of a feature that is read: no range is known then.
  ForeignFolder::write_text(folder / "d/meta/stats.json",
                            R"({"action": {"min": [NaN, 0], "max": [1, null], "mean": 5}})");
  EXPECT_EQ(Dataset(folder / "d").embodiment().action[1].max, 1e6);
}

TEST(DatasetNumbers, AnEpisodesLengthIsItsCount) {
  ForeignFolder foreign({1, 3});
  foreign.stats["action"].erase("count");
  foreign.stats["observation.state"].erase("std");
  foreign.stats["observation.state"].erase("min");
  TemporaryFolder folder;
  const Dataset dataset(foreign.write_v2(folder / "d"));
  EXPECT_EQ(dataset.stats("action")->count, 4);
  EXPECT_EQ(dataset.stats("action")->mean, (std::vector<double>{1, 2}));
  EXPECT_TRUE(dataset.stats("observation.state")->std.empty());
  EXPECT_TRUE(dataset.stats("observation.state")->min.empty());
  EXPECT_EQ(dataset.stats("observation.state")->max.size(), 3u);
  EXPECT_EQ(dataset.read(1).rows[2].state, ForeignFolder::state(1, 2));
}

// Parts of statistics that do not fit each other count as not stated, and crash nothing.
TEST(DatasetNumbers, StatisticsOfUnequalEpisodesAreMergedAsFarAsTheyGo) {
  ForeignFolder foreign;
  TemporaryFolder folder;
  foreign.write_v2(folder / "d");
  ForeignFolder::write_text(
      folder / "d/meta/episodes_stats.jsonl",
      "{\"episode_index\": 0, \"stats\": {\"action\": {\"mean\": [1, 2], \"std\": [1, 1], \"min\": "
      "[0, 0]}, \"x\": {\"mean\": [1]}, \"y\": 3}}\n"
      "{\"episode_index\": 1, \"stats\": {\"action\": {\"mean\": [1, 2], \"min\": [0, -1]}, \"x\": "
      "{\"mean\": [1, 2, 3], \"q01\": []}}}\n");
  const Dataset dataset(folder / "d");
  EXPECT_EQ(dataset.stats("action")->min, (std::vector<double>{0, -1}));
  EXPECT_EQ(dataset.stats("action")->mean, (std::vector<double>{1, 2}));
  EXPECT_TRUE(dataset.stats("action")->std.empty());
  EXPECT_TRUE(dataset.stats("x")->mean.empty());
}

TEST(DatasetNumbers, GapsInTheNumbersOfEpisodes) {
  ForeignFolder foreign({3, 2, 4});
  for (size_t e = 0; e < 3; ++e) {
    const int64_t number = 7 * static_cast<int64_t>(e) + 2;
    ForeignFolder::column(foreign.episodes, "episode_index").ints[e] = number;
    for (int64_t& each : ForeignFolder::column(foreign.data[e], "episode_index").ints) {
      each = number;
    }
  }
  TemporaryFolder folder;
  const Dataset dataset(foreign.write(folder / "d"));
  EXPECT_EQ(dataset.present(), (std::vector<int64_t>{2, 9, 16}));
  EXPECT_EQ(dataset.episode(16).length, 4);
  EXPECT_EQ(dataset.read(9).rows[1].state, ForeignFolder::state(1, 1));
  EXPECT_THAT(message_of([&] { (void)dataset.episode(3); }), HasSubstr("episode 3: no such"));
  ForeignFolder::column(foreign.episodes, "episode_index").ints[1] = 2;
  EXPECT_THAT(message_of([&] { Dataset(foreign.write(folder / "d")); }),
              HasSubstr("episode 2 is there twice"));
}

}  // namespace
}  // namespace gyre::data
