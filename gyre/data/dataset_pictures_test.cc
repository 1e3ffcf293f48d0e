// Recordings with depth maps, turned videos and pictures of another size than is stated.
#include "gyre/data/dataset_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <array>
#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"
#include "gyre/io/parquet.h"
#include "gyre/io/video_testing.h"

namespace gyre::data {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::moving_square;
using testing::TemporaryFolder;

constexpr int kPictures = 4;

// Grey of 16 bits, in millimetres.
std::string deep_png(int width, int height) {
  std::vector<uint16_t> depth(static_cast<size_t>(width) * height);
  for (size_t i = 0; i < depth.size(); ++i) depth[i] = static_cast<uint16_t>(400 + 10 * i);
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(width);
  png.height = static_cast<png_uint_32>(height);
  png.format = PNG_FORMAT_LINEAR_Y;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&png, bytes.data(), &size, 0, depth.data(), 0, nullptr);
  bytes.resize(size);
  return bytes;
}

// A v2.1 recording of one episode, whose pictures each test gives.
class RecordedPictures : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  json features_ = {{"observation.state", vector()}, {"action", vector()},
                    {"timestamp", one("float32")},   {"frame_index", one("int64")},
                    {"episode_index", one("int64")}, {"index", one("int64")},
                    {"task_index", one("int64")}};
  std::vector<io::Column> pictures_;

  static json vector() { return {{"dtype", "float32"}, {"shape", {1}}, {"names", {"joint"}}}; }
  static json one(const char* dtype) {
    return {{"dtype", dtype}, {"shape", {1}}, {"names", nullptr}};
  }
  static json picture(const char* dtype, int height, int width, int channels) {
    return {{"dtype", dtype},
            {"shape", {height, width, channels}},
            {"names", {"height", "width", "channels"}}};
  }

  void add_column(const std::string& name, const std::string& bytes) {
    io::Column column;
    column.name = name;
    column.kind = io::ColumnKind::kStruct;
    column.children = {io::bytes_column("bytes", std::vector<std::string>(kPictures, bytes)),
                       io::string_column("path", std::vector<std::string>(kPictures, "f.png"))};
    pictures_.push_back(std::move(column));
  }
  void add_colour(const std::string& name, int width, int height) {
    const auto png = io::encode_png(moving_square(width, height, 1));
    add_column(name, {png.begin(), png.end()});
  }
  std::filesystem::path video_file(const std::string& key) const {
    auto file = folder_ / ("videos/chunk-000/" + key + "/episode_000000.mp4");
    std::filesystem::create_directories(file.parent_path());
    return file;
  }

  Dataset open(const OpenOptions& options = {}) {
    write("meta/info.json",
          json{{"codebase_version", "v2.1"},
               {"robot_type", "arm"},
               {"total_episodes", 1},
               {"total_frames", kPictures},
               {"fps", 10},
               {"data_path", "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"},
               {"video_path",
                "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"},
               {"features", features_}}
              .dump());
    write("meta/tasks.jsonl", json{{"task_index", 0}, {"task", "lift"}}.dump() + "\n");
    write("meta/episodes.jsonl",
          json{{"episode_index", 0}, {"tasks", {"lift"}}, {"length", kPictures}}.dump() + "\n");
    const auto list = [](const char* name) {
      return io::list_column(name, io::float_column("", std::vector<float>(kPictures, 0.5F)), 1,
                             kPictures);
    };
    io::Table table{
        {list("observation.state"), list("action"),
         io::float_column("timestamp", {0, 0.1F, 0.2F, 0.3F}),
         io::int_column("frame_index", {0, 1, 2, 3}), io::int_column("episode_index", {0, 0, 0, 0}),
         io::int_column("index", {0, 1, 2, 3}), io::int_column("task_index", {0, 0, 0, 0})}};
    table.columns.insert(table.columns.end(), pictures_.begin(), pictures_.end());
    const auto file = folder_ / "data/chunk-000/episode_000000.parquet";
    std::filesystem::create_directories(file.parent_path());
    io::Parquet::open()->write(file, std::array{table});
    return Dataset(folder_ / "", options);
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    io::write_atomically(folder_ / name, text);
  }
};

const std::string kColour = "observation.images.front", kDepth = "observation.images.depth";

TEST_F(RecordedPictures, DepthMapsAreNoColourCameras) {
  features_[kColour] = picture("image", 12, 16, 3);
  add_colour(kColour, 16, 12);
  add_column(kDepth, deep_png(16, 12));
  for (const json& said :
       {json{{"is_depth_map", true}}, json{{"video.is_depth_map", true}}, json::object()}) {
    features_[kDepth] = picture("image", 12, 16, 1);
    features_[kDepth]["info"] = said;
    const Dataset dataset = open();
    ASSERT_EQ(dataset.embodiment().cameras.size(), 1U) << said;
    EXPECT_EQ(dataset.embodiment().cameras[0].name, "front");
    ASSERT_EQ(dataset.depth_maps().size(), 1U) << said;
    EXPECT_EQ(dataset.depth_maps()[0].name, "depth");
    EXPECT_EQ(dataset.read(0).rows.at(2).images.size(), 1U);
  }
  // By name it is a camera like another.
  const Dataset asked = open({.cameras = {"depth"}});
  EXPECT_THAT(asked.depth_maps(), IsEmpty());
  EXPECT_EQ(asked.embodiment().cameras.size(), 2U);
  EXPECT_EQ(asked.read(0).rows.at(0).images.size(), 2U);
  // One that states three channels is met when it is read.
  features_[kDepth] = picture("image", 12, 16, 3);
  EXPECT_THAT(message_of([&] { open().read(0); }),
              AllOf(HasSubstr("observation.images.depth"), HasSubstr("16-bit grey"),
                    HasSubstr("--camera-names")));
}

TEST_F(RecordedPictures, DepthVideosAreToldByTheirFormat) {
  json feature = picture("video", 12, 16, 1);
  EXPECT_FALSE(states_depth_map(feature));
  feature["info"] = {{"video.pix_fmt", "gray12le"}};
  EXPECT_TRUE(states_depth_map(feature));
  feature["info"] = {{"video.pix_fmt", "yuv420p"}, {"is_depth_map", false}};
  EXPECT_FALSE(states_depth_map(feature));
  feature["info"] = nullptr;
  feature["video_info"] = {{"video.is_depth_map", true}};
  EXPECT_TRUE(states_depth_map(feature));
}

TEST_F(RecordedPictures, ATurnedVideoIsUpright) {
  if (!io::foreign::has_encoder("libx264")) GTEST_SKIP();
  io::foreign::write_foreign(video_file(kColour), {.turn_degrees = 90},
                             io::foreign::walking_square(kPictures, 64, 48));
  features_[kColour] = picture("video", 64, 48, 3);
  const Dataset dataset = open();
  EXPECT_THAT(dataset.picture_warnings(), IsEmpty());
  const Image image = dataset.read(0).rows.at(1).images.at(0);
  EXPECT_EQ(image.width, 48);
  EXPECT_EQ(image.height, 64);
}

TEST_F(RecordedPictures, AnotherSizeThanStatedIsTold) {
  features_[kColour] = picture("image", 24, 32, 3);
  add_colour(kColour, 16, 12);
  const Dataset dataset = open();
  EXPECT_THAT(dataset.picture_warnings(),
              ElementsAre(AllOf(HasSubstr("front"), HasSubstr("32x24"), HasSubstr("16x12"))));
  EXPECT_EQ(dataset.read(0).rows.at(0).images.at(0).width, 16);
}

TEST_F(RecordedPictures, ABrokenPictureIsToldAndTheFolderOpens) {
  features_[kColour] = picture("image", 24, 32, 3);
  add_column(kColour, "no picture");
  EXPECT_THAT(open().picture_warnings(), ElementsAre(HasSubstr("not a readable PNG or JPEG")));
}

}  // namespace
}  // namespace gyre::data
