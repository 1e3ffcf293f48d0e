#include "gyre/data/dataset_mcap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/journal_schema_foxglove.h"
#include "gyre/io/image_file.h"
#include "gyre/io/mcap_read.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(DatasetMcap, AnEpisodeIsAFileForViewers) {
  const testing::TemporaryFolder folder;
  testing::write_dataset(folder / "d", {7, 4}, 3);
  const McapExport done = export_mcap(folder / "d", folder / "out");
  EXPECT_EQ(done.episodes, 2);
  EXPECT_EQ(done.frames, 11);
  EXPECT_EQ(done.messages, 55);
  io::McapReader reader(folder / "out/episode_000001.mcap");
  std::map<std::string, int> topics;
  nlohmann::json row;
  Image picture;
  JointStates joints;
  for (io::McapMessage message; reader.next(message);) {
    const std::string& topic = message.channel->topic;
    ++topics[topic];
    if (message.sequence != 2) continue;
    EXPECT_EQ(message.log_time_ns, 200'000'003U) << topic;  // float32's 0.2 s
    if (topic == "/row") row = nlohmann::json::parse(message.data.begin(), message.data.end());
    if (topic == "/state") {
      EXPECT_EQ(message.channel->schema->name, "foxglove.JointStates");
      ASSERT_TRUE(protobuf::decode(message.data, joints));
    }
    if (topic == "/camera/front") {
      CompressedImage image;
      ASSERT_TRUE(protobuf::decode(message.data, image));
      EXPECT_EQ(image.format, "png");
      picture = io::decode_image(image.data, topic);
    }
  }
  EXPECT_THAT(topics, UnorderedElementsAre(Pair("/row", 4), Pair("/state", 4), Pair("/action", 4),
                                           Pair("/camera/front", 4), Pair("/camera/wrist", 4)));
  const EpisodeRows wanted = testing::small_episode(4, 4);
  EXPECT_EQ(row["task"], "move the arm");
  EXPECT_EQ(row["source"], "expert");
  EXPECT_EQ(row["language_persistent"][0]["style"], "subtask");
  ASSERT_EQ(joints.joints.size(), 3U);
  EXPECT_EQ(joints.joints[1].name, "elbow");
  EXPECT_FLOAT_EQ(static_cast<float>(*joints.joints[1].position), wanted.rows[2].state[1]);
  EXPECT_LT(testing::mean_difference(picture, wanted.rows[2].images[0]), 4);
  EXPECT_THAT(message_of([&] { export_mcap(folder / "d", folder / "out"); }),
              HasSubstr("is there already"));
}

}  // namespace
}  // namespace gyre::data
