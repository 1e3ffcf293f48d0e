#include "gyre/data/journal_video.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/data/journal_schema_foxglove.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/mcap_read.h"
#include "gyre/io/parquet.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::mean_difference;
using testing::read_journal;
using testing::small_span;
using testing::SpanOptions;
using testing::TemporaryFolder;

// One large camera and a small one; a new picture of the large one in each control period.
SpanOptions large_span(int steps, int64_t number = 0) {
  SpanOptions span{.number = number, .steps = steps};
  span.contract.cameras = {{"front", 160, 144, "fixed"}, {"wrist", 32, 32, "hand"}};
  return span;
}

struct StoredPacket {
  int64_t chunk = 0;  // counts the file's chunks
  int64_t id = 0;
  std::vector<uint8_t> bytes;
};

// The packets of a camera's topic.
std::vector<StoredPacket> packets_of(const fs::path& file, const std::string& topic) {
  std::vector<StoredPacket> packets;
  io::McapReader reader(file);
  for (io::McapMessage message; reader.next(message);) {
    if (message.channel->topic != topic) continue;
    CompressedVideo video;
    EXPECT_EQ(message.channel->schema->name, "foxglove.CompressedVideo");
    EXPECT_TRUE(protobuf::decode(message.data, video));
    EXPECT_EQ(video.format, "h264");
    EXPECT_EQ(video.frame_id, topic.substr(std::string("/camera/").size()));
    packets.push_back(
        {static_cast<int64_t>(reader.statistics().chunks), message.sequence, video.data});
  }
  return packets;
}

void record_in(const fs::path& folder, const std::vector<Record>& tape,
               const JournalOptions& options = testing::simulated_options()) {
  JournalFolder journal(folder, JournalFolder::Mode::kContinue);
  testing::write_span(journal, tape, options);
}

TEST(JournalVideo, LosslessKeepsLargePicturesToTheBit) {
  TemporaryFolder folder;
  const std::vector<Record> tape = small_span(large_span(6));
  JournalOptions options = testing::simulated_options();
  options.lossless = true;
  record_in(folder / "j", tape, options);
  const auto read = read_journal(folder / "j");
  ASSERT_EQ(read.records.size(), tape.size());
  for (size_t i = 0; i < tape.size(); ++i)
    EXPECT_TRUE(testing::same(tape[i], read.records[i])) << i;
}

TEST(JournalVideo, GivesBackLargePicturesNearlyAsTheyWere) {
  TemporaryFolder folder;
  const std::vector<Record> tape = small_span(large_span(12));
  record_in(folder / "j", tape);
  const auto read = read_journal(folder / "j");
  EXPECT_TRUE(read.losses.empty());
  ASSERT_EQ(read.records.size(), tape.size());
  for (size_t i = 0; i < tape.size(); ++i) {
    if (tape[i].kind != RecordKind::kPicture) {
      EXPECT_TRUE(testing::same(tape[i], read.records[i])) << i;
      continue;
    }
    const Picture &a = *tape[i].picture.picture, &b = *read.records[i].picture.picture;
    EXPECT_EQ(tape[i].picture.camera, read.records[i].picture.camera);
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.time_ns, b.time_ns);
    EXPECT_LT(mean_difference(a.image, b.image), tape[i].picture.camera == 0 ? 4 : 1e-9);
  }
}

TEST(JournalVideo, IsTheSameBytesEachTime) {
  TemporaryFolder folder;
  for (const char* name : {"a", "b"}) record_in(folder / name, small_span(large_span(9)));
  EXPECT_EQ(io::read_bytes(folder / "a/000000.mcap"), io::read_bytes(folder / "b/000000.mcap"));
}

// A viewer, or whoever reads a damaged file, begins anywhere.
TEST(JournalVideo, IsDecodedByFfmpegFromTheBeginOfEveryChunk) {
  TemporaryFolder folder;
  SpanOptions span = large_span(20);
  span.contract.cameras[1] = {"wrist", 200, 130, "hand"};
  record_in(folder / "j", small_span(span));
  for (const char* topic : {"/camera/front", "/camera/wrist"}) {
    const std::vector<StoredPacket> packets = packets_of(folder / "j/000000.mcap", topic);
    const int64_t chunks = packets.back().chunk;
    EXPECT_GE(chunks, 6);
    for (int64_t chunk = 1; chunk <= chunks; ++chunk) {
      std::ofstream stream(folder / "s.h264", std::ios::binary);
      int64_t count = 0;
      for (const StoredPacket& packet : packets) {
        if (packet.chunk < chunk) continue;
        if (count++ == 0) {
          EXPECT_TRUE(io::is_key_packet(packet.bytes)) << chunk;
        }
        stream.write(reinterpret_cast<const char*>(packet.bytes.data()),
                     static_cast<std::streamsize>(packet.bytes.size()));
      }
      stream.close();
      const std::string file = (folder / "s.h264").string();
      const std::string command =
          "test \"$(ffmpeg -v error -xerror -err_detect explode -i " + file +
          " -f framecrc - 2>&1 | grep -vc '^#')\" = " + std::to_string(count);
      EXPECT_EQ(std::system(command.c_str()), 0) << topic << " from chunk " << chunk;
    }
  }
}

TEST(JournalVideo, BeginsAnewWhereAChunkIsFull) {
  TemporaryFolder folder;
  JournalOptions options = testing::simulated_options();
  options.chunk_bytes = 6000;
  record_in(folder / "j", small_span(large_span(12)), options);
  EXPECT_TRUE(read_journal(folder / "j").losses.empty());
  int64_t chunk = 0;
  for (const StoredPacket& packet : packets_of(folder / "j/000000.mcap", "/camera/front")) {
    if (packet.chunk != chunk) {
      EXPECT_TRUE(io::is_key_packet(packet.bytes)) << packet.chunk;
    }
    chunk = packet.chunk;
  }
  EXPECT_GT(chunk, 4);
}

TEST(JournalVideo, OfADamagedChunkCostsNoOtherPicture) {
  TemporaryFolder folder;
  const std::vector<Record> tape = small_span(large_span(20));
  record_in(folder / "j", tape);
  std::vector<uint8_t> bytes = io::read_bytes(folder / "j/000000.mcap");
  bytes[bytes.size() / 2] ^= 1;
  io::OutputFile(folder / "j/000000.mcap").write(bytes);
  const auto read = read_journal(folder / "j");
  EXPECT_EQ(read.losses.size(), 1);
  std::map<int64_t, Image> shown;
  for (const Record& record : tape) {
    if (record.kind == RecordKind::kPicture && record.picture.camera == 0) {
      shown[record.picture.picture->id] = record.picture.picture->image;
    }
  }
  size_t pictures = 0;
  for (const Record& record : read.records) {
    if (record.kind != RecordKind::kPicture || record.picture.camera != 0) continue;
    ++pictures;
    EXPECT_LT(mean_difference(shown[record.picture.picture->id], record.picture.picture->image), 4);
  }
  EXPECT_GE(pictures, 15);
  EXPECT_LT(pictures, 20);
}

TEST(JournalVideo, GivesPicturesUpWhereItIsTooSlowAndSaysSo) {
  TemporaryFolder folder;
  const std::vector<Record> tape = small_span(large_span(20));
  JournalOptions options = testing::simulated_options();
  // Behind in the periods 5 to 8.
  options.late_ns = [](int64_t time_ns) {
    const int64_t tick = (time_ns - SpanOptions().begin_ns) / 100'000'000;
    return tick == 5 ? 600'000'000 : tick > 5 && tick < 9 ? 200'000'000 : 50'000'000;
  };
  record_in(folder / "j", tape, options);
  std::vector<int64_t> steps, lost;
  for (const Record& record : read_journal(folder / "j").records) {
    if (record.kind == RecordKind::kStep) steps.push_back(record.tick);
    if (record.kind != RecordKind::kEvent) continue;
    if (const auto* event = std::get_if<event::FrameLost>(&record.event.body)) {
      EXPECT_EQ(record.event.author.view(), "journal");
      lost.push_back(event->count);
    }
  }
  EXPECT_EQ(steps.size(), 20) << "nothing but pictures is lost";
  EXPECT_THAT(lost, ElementsAre(4, 2));
  const Converted converted = convert_journal(folder / "j", folder / "d");
  EXPECT_EQ(converted.episodes, 1);
  EXPECT_EQ(converted.lost_pictures, 6);
  const auto parquet = io::Parquet::open();
  const io::Table losses = parquet->query(
      "SELECT * FROM '" + (folder / "d/meta/gyre_losses.parquet").string() + "'", "");
  EXPECT_EQ(losses.find("camera")->strings, (std::vector<std::string>{"front", "wrist"}));
  EXPECT_THAT(losses.find("from")->ints, ElementsAre(5, 6));
  EXPECT_THAT(losses.find("to")->ints, ElementsAre(9, 10));
  EXPECT_THAT(losses.find("count")->ints, ElementsAre(4, 2));
  EXPECT_EQ(losses.find("reason")->strings[0], "the encoder was too slow");
  const EpisodeRows episode = Dataset(folder / "d").read(0);
  EXPECT_LT(mean_difference(episode.rows[8].images[0], testing::moving_square(160, 144, 4)), 6);
  EXPECT_LT(mean_difference(episode.rows[9].images[0], testing::moving_square(160, 144, 9)), 6);
}

TEST(JournalVideo, GoesIntoADatasetWithoutASecondEncode) {
  TemporaryFolder folder;
  record_in(folder / "j", small_span(large_span(15)));
  record_in(folder / "j", small_span(large_span(11, 1)));
  const Converted converted = convert_journal(folder / "j", folder / "d");
  EXPECT_EQ(converted.rows, 26);
  EXPECT_EQ(converted.lost_pictures, 0);
  const fs::path video = folder / "d/videos/observation.images.front/chunk-000/file-000.mp4";
  EXPECT_EQ(io::probe_video(video).frames, 26);
  // The very pixels that the journal's packets hold.
  std::vector<Image> recorded;
  for (const Record& record : read_journal(folder / "j").records) {
    if (record.kind == RecordKind::kPicture && record.picture.camera == 0) {
      recorded.push_back(record.picture.picture->image);
    }
  }
  ASSERT_EQ(recorded.size(), 26);
  std::vector<double> times;
  for (int i = 0; i < 26; ++i) times.push_back(i / 10.0);
  io::read_video(video, times, 1e-4,
                 [&](size_t i, const Image& image) { EXPECT_TRUE(image == recorded[i]) << i; });
  const EpisodeRows second = Dataset(folder / "d").read(1);
  EXPECT_LT(mean_difference(second.rows[4].images[0], testing::moving_square(160, 144, 4)), 4);
}

// Rows of every third picture, and of pictures that are shown twice, are encoded again.
TEST(JournalVideo, IsEncodedAgainWhereTheRatesDiffer) {
  TemporaryFolder folder;
  SpanOptions span = large_span(18);
  span.contract.control_period_s = span.contract.action_period_s / 3;
  span.contract.cameras[1] = {"wrist", 160, 144, "hand"};  // a picture in every second period
  record_in(folder / "j", small_span(span));
  EXPECT_EQ(convert_journal(folder / "j", folder / "d").rows, 6);
  const EpisodeRows episode = Dataset(folder / "d").read(0);
  ASSERT_EQ(episode.rows.size(), 6);
  for (int i = 0; i < 6; ++i) {
    const Row& row = episode.rows[static_cast<size_t>(i)];
    EXPECT_LT(mean_difference(row.images[0], testing::moving_square(160, 144, 3 * i)), 5) << i;
    const int shown = 3 * i - (3 * i) % 2;
    EXPECT_LT(mean_difference(row.images[1], testing::moving_square(160, 144, shown)), 5) << i;
  }
}

TEST(JournalVideo, BecomesAv1OrHevcOnRequest) {
  TemporaryFolder folder;
  SpanOptions span = large_span(4);
  span.contract.cameras.pop_back();  // too small for SVT-AV1
  record_in(folder / "j", small_span(span));
  for (const char* codec : {"hevc", "av1"}) {
    ConvertOptions options;
    options.dataset.video.codec = codec;
    convert_journal(folder / "j", folder / codec, options);
    const fs::path video =
        folder / codec / "videos/observation.images.front/chunk-000/file-000.mp4";
    EXPECT_EQ(io::probe_video(video).codec, codec);
    EXPECT_EQ(io::probe_video(video).frames, 4);
  }
}

}  // namespace
}  // namespace gyre::data
