#include "gyre/io/video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

using testing::HasSubstr;

class Video : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_video_" + std::to_string(getpid()));
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A grey picture whose grey level is its number.
  static Image numbered(int index, int width = 64, int height = 64) {
    Image image = Image::black(width, height);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(20 + 4 * index));
    return image;
  }
  static int number_of(const Image& image) {
    return static_cast<int>(std::lround((image.rgb[image.rgb.size() / 2] - 20) / 4.0));
  }

  std::filesystem::path write(const std::string& name, int first, int frames, double fps = 10,
                              const VideoOptions& options = {}) {
    VideoWriter writer(folder_ / name, 64, 64, fps, options);
    for (int i = first; i < first + frames; ++i) writer.add(numbered(i));
    writer.finish();
    return folder_ / name;
  }

  static std::vector<int> numbers_at(const std::filesystem::path& file,
                                     const std::vector<double>& times, double tolerance = 1e-4) {
    std::vector<int> numbers(times.size(), -1);
    read_video(file, times, tolerance,
               [&](size_t i, const Image& image) { numbers.at(i) = number_of(image); });
    return numbers;
  }
};

TEST_F(Video, FramesComeBackByTime) {
  for (const char* codec : {"h264", "hevc", "av1"}) {
    const auto file = write(std::string(codec) + ".mp4", 0, 25, 10, {.codec = codec});
    const VideoInfo info = probe_video(file);
    EXPECT_EQ(info.codec, codec);
    EXPECT_EQ(info.pixel_format, "yuv420p");
    EXPECT_EQ(info.width, 64);
    EXPECT_EQ(info.height, 64);
    EXPECT_EQ(info.frames, 25);
    EXPECT_DOUBLE_EQ(info.fps, 10);
    EXPECT_NEAR(info.duration_s, 2.5, 1e-9);
    EXPECT_EQ(numbers_at(file, {0, 0.1, 1.7, 1.7, 2.4}), (std::vector<int>{0, 1, 17, 17, 24}));
    EXPECT_EQ(numbers_at(file, {1.13, 1.18}, 0.05), (std::vector<int>{11, 12}));
    EXPECT_THAT(message_of([&] { numbers_at(file, {0.35}); }), HasSubstr("no frame at 0.35 s"));
    EXPECT_THAT(message_of([&] { numbers_at(file, {2.4, 2.5}); }), HasSubstr("no frame at 2.5 s"));
  }
}

TEST_F(Video, ColoursSurviveAndTheSameFramesGiveTheSameBytes) {
  Image image = Image::black(64, 48);
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = 200;
    image.rgb[i + 1] = 40;
    image.rgb[i + 2] = static_cast<uint8_t>(30 + i / 3 % 64);
  }
  for (const char* name : {"a.mp4", "b.mp4"}) {
    VideoWriter writer(folder_ / name, 64, 48, 30);
    for (int i = 0; i < 3; ++i) writer.add(image);
    writer.finish();
  }
  EXPECT_EQ(read_bytes(folder_ / "a.mp4"), read_bytes(folder_ / "b.mp4"));
  read_video(folder_ / "a.mp4", std::vector{2.0 / 30}, 1e-4, [&](size_t, const Image& back) {
    double worst = 0;
    for (size_t i = 0; i < image.rgb.size(); ++i) {
      worst = std::max(worst, std::abs(1.0 * back.rgb[i] - image.rgb[i]));
    }
    EXPECT_LT(worst, 12);
  });
}

// Wherever its buffers lie in memory.
TEST_F(Video, TheSameFramesGiveTheSameBytesEachTime) {
  std::vector<uint8_t> first;
  for (size_t run = 0; run < 16; ++run) {
    const std::vector<char> elsewhere(1000 + run * 7919);
    {
      VideoWriter writer(folder_ / "again.mp4", 32, 24, 10);
      for (size_t i = 0; i < 40; ++i) {
        Image image = Image::black(32, 24);
        for (size_t j = 0; j < image.rgb.size(); ++j) {
          image.rgb[j] = static_cast<uint8_t>(
              100 + 80 * std::sin(0.05 * static_cast<double>(j) + 0.3 * static_cast<double>(i)));
        }
        writer.add(image);
      }
      writer.finish();
    }
    const std::vector<uint8_t> bytes = read_bytes(folder_ / "again.mp4");
    if (run == 0) first = bytes;
    ASSERT_TRUE(bytes == first) << "run " << run;
  }
}

TEST_F(Video, JoinedPartsFollowEachOther) {
  const std::vector<std::filesystem::path> parts = {write("a.mp4", 0, 7), write("b.mp4", 7, 12),
                                                    write("c.mp4", 19, 1)};
  const auto joined = folder_ / "all.mp4";
  const auto join = [](const std::vector<std::filesystem::path>& files,
                       const std::filesystem::path& to) {
    std::vector<double> ends;
    VideoJoiner joiner(to);
    for (const auto& file : files) ends.push_back(joiner.add(file));
    joiner.finish();
    return ends;
  };
  EXPECT_THAT(join(parts, joined),
              testing::Pointwise(testing::DoubleNear(1e-9), std::vector{0.7, 1.9, 2.0}));
  std::vector<double> times;
  std::vector<int> numbers;
  for (int i = 0; i < 20; ++i) {
    times.push_back(i / 10.0);
    numbers.push_back(i);
  }
  EXPECT_EQ(numbers_at(joined, times), numbers);
  EXPECT_EQ(numbers_at(joined, {0.7 + 3 / 10.0}), std::vector{10});
  EXPECT_EQ(probe_video(joined).frames, 20);
  const auto other = write("other.mp4", 0, 2, 10, {.codec = "av1"});
  VideoJoiner joiner(folder_ / "mixed.mp4");
  EXPECT_TRUE(joiner.fits(other)) << "the first says what the others must be";
  joiner.add(parts[0]);
  EXPECT_TRUE(joiner.fits(parts[1]));
  EXPECT_FALSE(joiner.fits(other));
  EXPECT_THAT(message_of([&] { joiner.add(other); }), HasSubstr("encoded another way"));
  // Another part can be joined to what was joined.
  const auto longer = folder_ / "more.mp4";
  join({joined, write("d.mp4", 20, 2)}, longer);
  EXPECT_EQ(numbers_at(longer, {2.1}), std::vector{21});
  EXPECT_THAT(message_of([&] { join({}, folder_ / "none.mp4"); }), HasSubstr("none.mp4"));
}

TEST_F(Video, ErrorsNameTheFile) {
  EXPECT_THAT(message_of([&] { probe_video(folder_ / "none.mp4"); }), HasSubstr("none.mp4"));
  const auto whole = write("whole.mp4", 0, 30);
  for (double part : {0.0, 0.05, 0.5, 0.95}) {
    const auto cut = folder_ / "cut.mp4";
    std::filesystem::copy_file(whole, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(
        cut, static_cast<size_t>(part * static_cast<double>(std::filesystem::file_size(whole))));
    EXPECT_THAT(message_of([&] { numbers_at(cut, {0, 2.9}); }), HasSubstr("cut.mp4")) << part;
  }
  EXPECT_THAT(message_of([&] { VideoWriter(folder_ / "odd.mp4", 63, 48, 10); }),
              HasSubstr("even numbers"));
  EXPECT_THAT(message_of([&] { write("x.mp4", 0, 1, 10, {.codec = "vp9"}); }), HasSubstr("'vp9'"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.mp4"));
}

TEST_F(Video, AFullDiskIsAnError) {
  const auto fill = [](const std::filesystem::path& file) {
    VideoWriter writer(file, 64, 64, 10);
    for (int i = 0; i < 200; ++i) writer.add(numbered(i % 50));
    writer.finish();
  };
  EXPECT_THAT(message_of([&] { fill("/dev/full"); }), HasSubstr("/dev/full: cannot write"));
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{2000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string message = message_of([&] { fill(folder_ / "limited.mp4"); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_THAT(message, HasSubstr("limited.mp4: cannot write: File too large"));
}

}  // namespace
}  // namespace gyre::io
