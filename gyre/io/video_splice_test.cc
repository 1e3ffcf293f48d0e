#include "gyre/io/video_splice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/testing.h"
#include "gyre/io/video.h"

namespace gyre::io {
namespace {

using testing::HasSubstr;

class VideoSplice : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_splice_" + std::to_string(getpid()));
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Grey pictures whose level is their number.
  std::filesystem::path write(const std::string& name, int first, int frames, double fps = 10,
                              const VideoOptions& options = {}) const {
    VideoWriter writer(folder_ / name, 64, 64, fps, options);
    for (int i = first; i < first + frames; ++i) {
      Image image = Image::black(64, 64);
      std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(20 + 4 * i));
      writer.add(image);
    }
    writer.finish();
    return folder_ / name;
  }
  // B-frames, long groups, as other programs write them.
  std::filesystem::path reordered(const std::filesystem::path& from,
                                  const std::string& name) const {
    const std::string command = "ffmpeg -v error -y -i '" + from.string() +
                                "' -c:v libx264 -bf 2 -g 8 -sc_threshold 0 -crf 10 '" +
                                (folder_ / name).string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return folder_ / name;
  }
  static std::vector<int> numbers(const std::filesystem::path& file, int frames, double fps = 10) {
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) times.push_back(i / fps);
    std::vector<int> result(times.size(), -1);
    read_video(file, times, 1e-3, [&](size_t i, const Image& image) {
      result[i] = static_cast<int>(std::lround((image.rgb[6000] - 20) / 4.0));
    });
    return result;
  }
};

TEST_F(VideoSplice, RunsOfFramesFollowEachOther) {
  for (const char* codec : {"h264", "av1"}) {
    const auto a = write("a.mp4", 0, 10, 10, {.codec = codec, .group = 2}),
               b = write("b.mp4", 20, 6, 10, {.codec = codec, .group = 2});
    VideoSplicer splicer(folder_ / "out.mp4", 10);
    EXPECT_EQ(splicer.add(a, 0.4, 3), 0.0);
    ASSERT_TRUE(splicer.fits(b));
    EXPECT_NEAR(*splicer.add(b, 0, 6), 0.3, 1e-6);
    EXPECT_NEAR(*splicer.add(a, 0.8, 2), 0.9, 1e-6);
    EXPECT_EQ(splicer.frames(), 11);
    splicer.finish();
    const std::vector<int> found = numbers(folder_ / "out.mp4", 11);
    const int wanted[] = {4, 5, 6, 20, 21, 22, 23, 24, 25, 8, 9};
    for (size_t i = 0; i < 11; ++i) EXPECT_NEAR(found[i], wanted[i], 1) << codec;
    EXPECT_EQ(probe_video(folder_ / "out.mp4").frames, 11);
  }
}

TEST_F(VideoSplice, WhatHangsOnOtherFramesIsNotCutOut) {
  const auto a = reordered(write("a.mp4", 0, 24, 10), "b.mp4");
  VideoSplicer splicer(folder_ / "out.mp4", 10);
  EXPECT_FALSE(splicer.add(a, 0.3, 4));  // between key frames
  ASSERT_TRUE(splicer.add(a, 0.8, 8));   // one group
  ASSERT_TRUE(splicer.add(a, 0, 8));
  ASSERT_TRUE(splicer.add(a, 0, 24));
  splicer.finish();
  const std::vector<int> found = numbers(folder_ / "out.mp4", 40);
  for (int i = 0; i < 40; ++i) {
    EXPECT_NEAR(found[static_cast<size_t>(i)], i < 8 ? i + 8 : i < 16 ? i - 8 : i - 16, 1) << i;
  }
}

TEST_F(VideoSplice, AnotherEncoderOrTooFewFramesAreRefused) {
  const auto a = write("a.mp4", 0, 4), b = write("b.mp4", 0, 4, 10, {.codec = "av1"});
  VideoSplicer splicer(folder_ / "out.mp4", 10);
  splicer.add(a, 0, 4);
  EXPECT_FALSE(splicer.fits(b));
  EXPECT_THAT(message_of([&] { splicer.add(b, 0, 4); }), HasSubstr("encoded another way"));
  EXPECT_THAT(message_of([&] { splicer.add(a, 0, 5); }), HasSubstr("4 frames from 0 s on, not 5"));
  VideoSplicer empty(folder_ / "none.mp4", 10);
  EXPECT_THAT(message_of([&] { empty.finish(); }), HasSubstr("no video to join"));
}

TEST_F(VideoSplice, TheTimesOfAllFrames) {
  const auto a = reordered(write("a.mp4", 0, 24, 10), "b.mp4");
  for (const bool decode : {false, true}) {
    const VideoFrames frames = video_frames(a, decode);
    ASSERT_EQ(frames.times_s.size(), 24U);
    for (int i = 0; i < 24; ++i)
      EXPECT_NEAR(frames.times_s[static_cast<size_t>(i)], i / 10.0, 1e-6);
    EXPECT_EQ(frames.width, 64);
  }
  EXPECT_THAT(message_of([&] { video_frames(folder_ / "no.mp4", false); }), HasSubstr("no.mp4"));
}

}  // namespace
}  // namespace gyre::io
