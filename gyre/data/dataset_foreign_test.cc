// Recordings that others wrote: no contract of ours, v3.0 and v2.1, and a real one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"
#include "gyre/io/parquet.h"
#include "gyre/io/video.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::mean_difference;
using testing::moving_square;
using testing::small_embodiment;
using testing::small_episode;
using testing::TemporaryFolder;

TEST(ForeignDataset, WithoutOurContractOneIsDerived) {
  TemporaryFolder folder;
  DatasetWriter writer(folder / "d", small_embodiment());
  writer.add(small_episode(6, 2));
  writer.finish();
  std::filesystem::remove(folder / "d/meta/gyre.json");
  const Dataset dataset(folder / "d");
  EXPECT_FALSE(dataset.has_contract());
  const Embodiment& e = dataset.embodiment();
  EXPECT_EQ(e.name, "arm/joint/recorded");
  EXPECT_DOUBLE_EQ(e.action_period_s, 0.1);
  ASSERT_EQ(e.action.size(), 2u);
  EXPECT_EQ(e.action[1].name, "elbow");
  EXPECT_NEAR(e.action[1].min, dataset.stats("action")->min[1], 1e-9);
  ASSERT_EQ(e.cameras.size(), 2u);
  EXPECT_EQ(e.cameras[0].name, "front");
  EXPECT_EQ(e.cameras[0].width, 64);
  const EpisodeRows episode = dataset.read(0);
  EXPECT_EQ(episode.hash(), small_episode(6, 2).hash());
  EXPECT_EQ(episode.instruction, "move the arm");
  EXPECT_EQ(episode.success, true);
  EXPECT_THROW(DatasetWriter(folder / "d", small_embodiment()), Error);
}

// v2.1 as LeRobot wrote it: a file for each episode, and pictures in the table for one camera.
class Version21 : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::shared_ptr<const io::Parquet> parquet_ = io::Parquet::open();

  void SetUp() override {
    const json one = {{"dtype", "int64"}, {"shape", {1}}, {"names", nullptr}};
    json time = one;
    time["dtype"] = "float32";
    const json vector = {{"dtype", "float32"}, {"shape", {2}}, {"names", {{"motors", {"a", "b"}}}}};
    const json picture = {
        {"dtype", "image"}, {"shape", {16, 24, 3}}, {"names", {"height", "width", "channel"}}};
    const json video = {
        {"dtype", "video"}, {"shape", {3, 48, 64}}, {"names", {"channels", "height", "width"}}};
    write("meta/info.json",
          json{{"codebase_version", "v2.1"},
               {"robot_type", "aloha"},
               {"total_episodes", 3},
               {"total_frames", 15},
               {"total_tasks", 1},
               {"chunks_size", 2},
               {"fps", 50},
               {"data_path", "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"},
               {"video_path",
                "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"},
               {"features",
                {{"observation.state", vector},
                 {"action", vector},
                 {"observation.images.top", video},
                 {"observation.images.near", picture},
                 {"timestamp", time},
                 {"frame_index", one},
                 {"episode_index", one},
                 {"index", one},
                 {"task_index", one}}}}
              .dump());
    std::string episodes, stats;
    for (int i : {0, 1, 2}) {
      episodes += json{{"episode_index", i}, {"tasks", {"lift"}}, {"length", 5}}.dump() + "\n";
      const json part = {{"min", {-1.0 - i, 0}},
                         {"max", {1, 2 + i}},
                         {"mean", {0, 1}},
                         {"std", {1, 1}},
                         {"count", {5}}};
      stats += json{{"episode_index", i}, {"stats", {{"action", part}}}}.dump() + "\n";
    }
    write("meta/episodes.jsonl", episodes);
    write("meta/episodes_stats.jsonl", stats);
    write("meta/tasks.jsonl", json{{"task_index", 0}, {"task", "lift"}}.dump() + "\n");
    write_episode(0, "000");
    write_episode(2, "001");
  }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    io::write_atomically(folder_ / name, text);
  }

  static Image near_picture(int episode, int frame) {
    return moving_square(24, 16, 10 * episode + frame);
  }

  void write_episode(int index, const std::string& chunk) {
    const std::string name = "/episode_00000" + std::to_string(index);
    const auto data = folder_ / ("data/chunk-" + chunk + name + ".parquet");
    const auto video =
        folder_ / ("videos/chunk-" + chunk + "/observation.images.top" + name + ".mp4");
    std::filesystem::create_directories(data.parent_path());
    std::filesystem::create_directories(video.parent_path());
    std::vector<float> values, times;
    std::vector<int64_t> frames, global;
    std::vector<std::string> pictures;
    io::VideoWriter writer(video, 64, 48, 50);
    for (int i = 0; i < 5; ++i) {
      values.insert(values.end(), {static_cast<float>(i), static_cast<float>(index)});
      times.push_back(static_cast<float>(i) / 50);
      frames.push_back(i);
      global.push_back(5 * index + i);
      const auto png = io::encode_png(near_picture(index, i));
      pictures.emplace_back(png.begin(), png.end());
      writer.add(moving_square(64, 48, i + index));
    }
    writer.finish();
    const auto vectors = [&](const char* column) {
      return io::list_column(column, io::float_column("", values), 2, 5);
    };
    const io::Table table{
        {vectors("observation.state"), vectors("action"), io::float_column("timestamp", times),
         io::int_column("frame_index", frames),
         io::int_column("episode_index", std::vector<int64_t>(5, index)),
         io::int_column("index", global), io::int_column("task_index", std::vector<int64_t>(5, 0)),
         struct_of(std::move(pictures))}};
    parquet_->write(data, std::array{table});
  }

  static io::Column struct_of(std::vector<std::string> bytes) {
    io::Column column;
    column.name = "observation.images.near";
    column.kind = io::ColumnKind::kStruct;
    const size_t rows = bytes.size();
    column.children = {io::bytes_column("bytes", std::move(bytes)),
                       io::string_column("path", std::vector<std::string>(rows, "frame.png"))};
    return column;
  }
};

TEST_F(Version21, IsReadAndTheMissingNamed) {
  const Dataset dataset(folder_ / "");
  EXPECT_EQ(dataset.version(), "v2.1");
  EXPECT_EQ(dataset.fps(), 50);
  EXPECT_EQ(dataset.total_frames(), 15);
  EXPECT_EQ(dataset.present(), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(dataset.missing(), std::vector<int64_t>{1});
  EXPECT_THAT(dataset.episodes()[1].missing, HasSubstr("episode_000001.parquet"));
  const Embodiment& e = dataset.embodiment();
  EXPECT_EQ(e.name, "aloha/recorded");
  EXPECT_EQ(e.action[1].name, "b");
  EXPECT_DOUBLE_EQ(e.action[0].min, -3);
  EXPECT_DOUBLE_EQ(e.action[1].max, 4);
  ASSERT_EQ(e.cameras.size(), 2u);
  EXPECT_EQ(e.cameras[0].name, "near");
  EXPECT_EQ(e.cameras[0].height, 16);
  EXPECT_EQ(e.cameras[1].name, "top");
  EXPECT_EQ(e.cameras[1].width, 64);

  const EpisodeRows episode = dataset.read(2);
  ASSERT_EQ(episode.rows.size(), 5u);
  const Row& step = episode.rows[3];
  EXPECT_EQ(step.task, "lift");
  EXPECT_EQ(step.action, (std::vector<float>{3, 2}));
  EXPECT_EQ(step.source, Source::kHuman);
  EXPECT_FALSE(episode.success.has_value());
  EXPECT_NEAR(static_cast<double>(step.time_ns), 6e7, 10);
  EXPECT_EQ(step.images[0], near_picture(2, 3));
  EXPECT_LT(mean_difference(step.images[1], moving_square(64, 48, 5)), 4);
}

TEST_F(Version21, BrokenMetadataIsNamed) {
  write("meta/episodes.jsonl", R"({"episode_index": 0, "tasks": ["lift"], "len)");
  EXPECT_THAT(message_of([&] { Dataset(folder_ / ""); }),
              HasSubstr("episodes.jsonl: line 1 is broken"));
}

// A real humanoid's recording, of which 12 of 100 episodes were downloaded.
TEST(RealRecording, IsRead) {
  const std::filesystem::path folder = source_dir().parent_path() / "shared/data/g1";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
  const Dataset dataset(folder);
  EXPECT_EQ(dataset.version(), "v2.1");
  EXPECT_EQ(dataset.fps(), 30);
  EXPECT_EQ(dataset.total_frames(), 35965);
  EXPECT_EQ(dataset.present(),
            (std::vector<int64_t>{10, 20, 24, 28, 29, 30, 31, 59, 63, 82, 88, 99}));
  EXPECT_EQ(dataset.missing().size(), 88u);
  EXPECT_THAT(dataset.episodes()[0].missing, HasSubstr("episode_000000.parquet"));
  EXPECT_EQ(dataset.embodiment().state.size(), 26u);
  EXPECT_EQ(dataset.embodiment().state[0].name, "kLeftShoulderPitch");
  const std::vector<size_t> frames = {290, 297, 297, 278, 221, 277, 267, 280, 307, 260, 280, 265};
  for (size_t i = 0; i < frames.size(); ++i) {
    const EpisodeRows episode = dataset.read(dataset.present()[i], {.images = false});
    ASSERT_EQ(episode.rows.size(), frames[i]);
    EXPECT_EQ(episode.instruction, "Pick up the yellow bottle on the table.");
    for (size_t k = 0; k < episode.rows.size(); ++k) {
      EXPECT_NEAR(static_cast<double>(episode.rows[k].time_ns) * 1e-9, static_cast<double>(k) / 30,
                  1e-5);
    }
  }
  const DatasetEpisode& first = dataset.episodes()[10];
  const io::VideoInfo video = io::probe_video(first.videos[0].file);
  EXPECT_EQ(video.codec, "av1");
  EXPECT_EQ(video.frames, 290);
  std::string hash;
  io::read_video(first.videos[0].file, std::array{100 / 30.0}, 1e-4, [&](size_t, const Image& i) {
    ASSERT_EQ(i.width, 640);
    ASSERT_EQ(i.height, 480);
    hash = sha256_hex({reinterpret_cast<const char*>(i.rgb.data()), i.rgb.size()}, 16);
  });
  EXPECT_EQ(hash, "6c43c677217256de");
}

}  // namespace
}  // namespace gyre::data
