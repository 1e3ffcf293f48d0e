// Videos that others wrote: any part of them gives the frames that the whole gives.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/video.h"
#include "gyre/io/video_testing.h"

namespace gyre::io {
namespace {

using foreign::ForeignVideo;
using testing::AllOf;
using testing::HasSubstr;

class VideoOfOthers : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_foreign_video_" + std::to_string(getpid()));
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::vector<Image> read(const std::filesystem::path& file, const std::vector<double>& times) {
    std::vector<Image> images(times.size());
    read_video(file, times, 1e-4, [&](size_t i, Image image) { images.at(i) = std::move(image); });
    return images;
  }

  // Each part of three frames equals that part of the whole, which is close to what was encoded.
  void expect_exact(const ForeignVideo& how, int frames) {
    const auto file = folder_ / "video.mp4";
    const std::vector<Image> pictures = foreign::walking_square(frames);
    foreign::write_foreign(file, how, pictures);
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
      times.push_back(how.times_ms.empty() ? i / 10.0
                                           : 1e-3 * static_cast<double>(how.times_ms[i]));
    }
    const std::vector<Image> whole = read(file, times);
    for (int i = 0; i < frames; ++i) {
      double sum = 0;
      for (size_t k = 0; k < whole[i].rgb.size(); ++k) {
        sum += std::abs(whole[i].rgb[k] - pictures[i].rgb[k]);
      }
      ASSERT_LT(sum / static_cast<double>(whole[i].rgb.size()), 8) << i;
    }
    for (int first = 0; first + 3 <= frames; ++first) {
      const std::vector<Image> part =
          read(file, {times[first], times[first + 1], times[first + 2]});
      for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(part[i], whole[first + i]) << "frame " << first + i << " from " << first;
      }
    }
  }
};

TEST_F(VideoOfOthers, OpenGroupsOfPictures) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  expect_exact({.options = {{"g", "12"},
                            {"bf", "3"},
                            {"x264-params",
                             "open-gop=1:scenecut=0:keyint=12:min-keyint=12:bframes=3:b-adapt=0"}}},
               40);
}

TEST_F(VideoOfOthers, OpenGroupsWithAPyramidOfReferences) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  expect_exact({.options = {{"x264-params",
                             "open-gop=1:scenecut=0:keyint=9:min-keyint=9:bframes=5:b-adapt=0:"
                             "b-pyramid=normal:ref=4"}}},
               40);
}

TEST_F(VideoOfOthers, OpenGroupsOfHevc) {
  if (!foreign::has_encoder("libx265")) GTEST_SKIP();
  expect_exact({.encoder = "libx265",
                .options = {{"x265-params",
                             "log-level=none:pools=none:frame-threads=1:open-gop=1:keyint=12:"
                             "min-keyint=12:scenecut=0:bframes=3:b-adapt=0"}}},
               30);
}

TEST_F(VideoOfOthers, IntraRefresh) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  expect_exact({.options = {{"x264-params", "intra-refresh=1:keyint=10:bframes=0"}}}, 45);
}

TEST_F(VideoOfOthers, ClosedGroupsWithFramesShownLater) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  expect_exact({.options = {{"g", "12"}, {"bf", "3"}}}, 40);
}

// Without a flush of the decoder where the next picture refers to nothing before it.
TEST_F(VideoOfOthers, AReaderThatStaysOpenGivesTheSameFrames) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  constexpr int kFrames = 40;
  std::vector<double> times;
  for (int i = 0; i < kFrames; ++i) times.push_back(i / 10.0);
  for (const char* longest : {"0", "3"}) {
    const auto file = folder_ / "open.mp4";
    foreign::write_foreign(file, {.options = {{"g", "9"}, {"bf", longest}}},
                           foreign::walking_square(kFrames));
    const std::vector<Image> whole = read(file, times);
    VideoReader reader(file);
    for (int i = 0; i < 80; ++i) {
      const size_t first = static_cast<size_t>(i) * 17 % (kFrames - 3);
      reader.read(std::span(times).subspan(first, 3), 1e-4,
                  [&](size_t k, const VideoPicture& picture) {
                    EXPECT_EQ(picture.image(), whole[first + k]) << "B-frames: " << longest;
                  });
    }
  }
}

TEST_F(VideoOfOthers, AnyFrameRate) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  std::vector<int64_t> times;
  for (int i = 0; i < 40; ++i) times.push_back(40 * i + (i % 3) * 11 + (i > 20 ? 900 : 0));
  expect_exact({.options = {{"g", "8"}, {"bf", "2"}}, .times_ms = times}, 40);
}

TEST_F(VideoOfOthers, AFrameThatIsMissingBetweenOthersIsNamed) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  const auto file = folder_ / "gap.mp4";
  foreign::write_foreign(file, {.options = {{"g", "2"}}, .times_ms = {0, 100, 200, 600, 700}},
                         foreign::walking_square(5));
  EXPECT_THAT(message_of([&] { read(file, {0.1, 0.4}); }), HasSubstr("no frame at 0.4 s"));
  EXPECT_THAT(message_of([&] { read(file, {0.7, 0.8}); }), HasSubstr("no frame at 0.8 s"));
}

// The picture's left upper corner is black, all else is white.
TEST_F(VideoOfOthers, TurnedPicturesComeUpright) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  Image stored = Image::black(64, 48);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      if (x >= 32 || y >= 24) std::fill_n(&stored.rgb[(64UL * y + x) * 3], 3, 255);
    }
  }
  const auto dark_corner = [](const Image& image) {
    for (const auto& [x, y, name] : {std::tuple(8, 8, "left upper"),
                                     {image.width - 8, 8, "right upper"},
                                     {8, image.height - 8, "left lower"},
                                     {image.width - 8, image.height - 8, "right lower"}}) {
      if (image.rgb[(static_cast<size_t>(y) * image.width + x) * 3] < 100) return std::string(name);
    }
    return std::string("none");
  };
  // Anticlockwise, as a player shows it.
  for (const auto& [degrees, corner, width] : {std::tuple(0, "left upper", 64),
                                               {90, "left lower", 48},
                                               {180, "right lower", 64},
                                               {270, "right upper", 48}}) {
    const auto file = folder_ / "turned.mp4";
    foreign::write_foreign(file, {.turn_degrees = static_cast<double>(degrees)}, {stored, stored});
    EXPECT_EQ(probe_video(file).width, width) << degrees;
    const Image image = read(file, {0.1}).at(0);
    EXPECT_EQ(image.width, width) << degrees;
    EXPECT_EQ(dark_corner(image), corner) << degrees;
  }
}

TEST_F(VideoOfOthers, WhatIsNoVideoIsNamed) {
  write_atomically(folder_ / "list.mp4", std::string("#EXTM3U\n#EXTINF:1,\n/etc/hostname\n"));
  EXPECT_THAT(message_of([&] { read(folder_ / "list.mp4", {0}); }), HasSubstr("list.mp4"));
  write_atomically(folder_ / "text.mp4", std::string("not a video"));
  EXPECT_THAT(message_of([&] { probe_video(folder_ / "text.mp4"); }), HasSubstr("text.mp4"));
}

// A file that says that its track is of another codec, and of one that nobody knows.
TEST_F(VideoOfOthers, AWrongCodecIsNamed) {
  if (!foreign::has_encoder("libx264")) GTEST_SKIP();
  const auto file = folder_ / "codec.mp4";
  foreign::write_foreign(file, {}, foreign::walking_square(6));
  const auto bytes = read_bytes(file);
  std::string text(bytes.begin(), bytes.end());
  const size_t at = text.find("avc1", text.find("stsd"));
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 4, "zzzz");
  write_atomically(file, text);
  EXPECT_THAT(message_of([&] { read(file, {0.1}); }),
              AllOf(HasSubstr("codec.mp4"), HasSubstr("'zzzz'"), HasSubstr("ffmpeg -i")));
}

}  // namespace
}  // namespace gyre::io
