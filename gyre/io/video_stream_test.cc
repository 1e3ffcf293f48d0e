#include "gyre/io/video_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/video.h"

namespace gyre::io {
namespace {

using testing::HasSubstr;

// A soft picture in which a bright column moves on.
Image moving_column(int index, int width = 160, int height = 144) {
  Image image = Image::black(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * width + x) * 3];
      pixel[0] = static_cast<uint8_t>(60 + 80 * x / width);
      pixel[1] = static_cast<uint8_t>(60 + 80 * y / height);
      pixel[2] = x / 8 == index % (width / 8) ? 200 : 90;
    }
  }
  return image;
}

double difference(const Image& a, const Image& b) {
  if (a.rgb.size() != b.rgb.size()) return 255;
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

using Packets = std::vector<std::vector<uint8_t>>;
Packets encoded(int count, const std::vector<int>& keys = {}) {
  VideoEncoder encoder("front", 160, 144);
  Packets packets(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const bool key = std::find(keys.begin(), keys.end(), i) != keys.end();
    encoder.encode(moving_column(i), key, packets[static_cast<size_t>(i)]);
  }
  return packets;
}

TEST(VideoStream, HasAPacketForEachPictureAndAKeyWhereOneIsAskedFor) {
  const Packets packets = encoded(9, {3});
  std::string keys;
  for (const auto& packet : packets) {
    keys += is_key_packet(packet) ? 'K' : '.';
    EXPECT_EQ(parameter_sets(packet).empty(), !is_key_packet(packet));
  }
  EXPECT_EQ(keys, "K.KK.K.K.");
  EXPECT_EQ(parameter_sets(packets[0]), parameter_sets(packets[3]));
  EXPECT_EQ(packets, encoded(9, {3})) << "the same pictures give the same bytes";
}

TEST(VideoStream, IsDecodedPacketByPacket) {
  const Packets packets = encoded(8);
  VideoDecoder decoder("front");
  for (int i = 0; i < 8; ++i) {
    EXPECT_LT(difference(decoder.decode(packets[static_cast<size_t>(i)]), moving_column(i)), 4);
  }
  // From any key packet on, and a key packet again.
  VideoDecoder late("front");
  for (const size_t i : {4, 5, 2, 2, 3, 6}) {
    EXPECT_LT(difference(late.decode(packets[i]), moving_column(static_cast<int>(i))), 4) << i;
  }
}

TEST(VideoStream, DamageIsAnErrorAndTheNextKeyIsDecoded) {
  Packets packets = encoded(4);
  VideoDecoder decoder("front");
  EXPECT_THAT(message_of([&] { decoder.decode({}); }), HasSubstr("front"));
  EXPECT_THAT(message_of([&] { decoder.decode(packets[1]); }), HasSubstr("front"));
  packets[0].resize(packets[0].size() / 3);
  message_of([&] { decoder.decode(packets[0]); });
  EXPECT_LT(difference(decoder.decode(packets[2]), moving_column(2)), 4);
  for (size_t i = 0; i < 200; ++i) {  // whatever comes out, it is an image or an Error
    std::vector<uint8_t> bytes = packets[2];
    bytes[(i * 7919) % bytes.size()] ^= static_cast<uint8_t>(1 + i % 255);
    message_of([&] { decoder.decode(bytes); });
  }
}

TEST(VideoStream, BecomesAnMp4AsItIs) {
  const auto file =
      std::filesystem::temp_directory_path() / ("gyre_stream_" + std::to_string(getpid()) + ".mp4");
  const Packets packets = encoded(7, {3});
  PacketWriter writer(file, 160, 144, 20);
  EXPECT_THAT(message_of([&] { writer.add(packets[1]); }), HasSubstr("no key packet"));
  for (const auto& packet : packets) writer.add(packet);
  writer.finish();
  const VideoInfo info = probe_video(file);
  EXPECT_EQ(info.codec, "h264");
  EXPECT_EQ(info.pixel_format, "yuv420p");
  EXPECT_EQ(info.width, 160);
  EXPECT_EQ(info.height, 144);
  EXPECT_EQ(info.frames, 7);
  EXPECT_DOUBLE_EQ(info.fps, 20);
  VideoDecoder decoder("front");
  std::vector<double> times;
  for (int i = 0; i < 7; ++i) times.push_back(i / 20.0);
  read_video(file, times, 1e-4, [&](size_t i, const Image& image) {
    EXPECT_EQ(image.rgb, decoder.decode(packets[i]).rgb) << "no second encode";
  });
  const std::string command =
      "ffprobe -v error -count_frames -select_streams v:0 -show_entries "
      "stream=nb_read_frames,codec_tag_string -of csv=p=0 " +
      file.string() + " | grep -qx 'avc1,7'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::filesystem::remove(file);
}

TEST(VideoStream, RefusesOtherSizes) {
  EXPECT_THAT(message_of([] { VideoEncoder("front", 161, 144); }), HasSubstr("even numbers"));
  VideoEncoder encoder("front", 160, 144);
  std::vector<uint8_t> packet;
  EXPECT_THAT(message_of([&] { encoder.encode(moving_column(0, 32, 32), false, packet); }),
              HasSubstr("front: a picture of 32x32 pixels"));
}

}  // namespace
}  // namespace gyre::io
