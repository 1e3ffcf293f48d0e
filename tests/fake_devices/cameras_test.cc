// Cameras of the machine, played by fake_devices.cc, which stands in this program before libc.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "gyre/core/clock.h"
#include "gyre/core/error.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/v4l2/camera.h"
#include "gyre/robot/v4l2/device.h"

namespace gyre::v4l2 {
namespace {

namespace fs = std::filesystem;

constexpr int kBlock = 16, kBlockHeight = 12, kSide = 8;  // of the time code
const char* const kFront = "/dev/v4l/by-id/usb-Front-index0";

// The time of capture that a whole picture shows.
int64_t time_code(const Image& image) {
  uint64_t code = 0;
  for (int i = 0; i < kSide * kSide; ++i) {
    const int x = i % kSide * kBlock + kBlock / 2, y = i / kSide * kBlockHeight + kBlockHeight / 2;
    const uint8_t red = image.rgb[(static_cast<size_t>(y) * image.width + x) * 3];
    code = code << 1 | (red > 128 ? 1 : 0);
  }
  return static_cast<int64_t>(code);
}

class Cameras : public testing::Test {
 protected:
  Cameras() {
    fs::create_directories(dev() / "v4l/by-id");
    describe("video0", kDescription);
    fs::create_symlink("../../video0", dev() / "v4l/by-id/usb-Front-index0");
    ::setenv("GYRE_FAKE_DEVICES", dev().c_str(), 1);
  }
  fs::path dev() const { return folder_.path(); }
  void describe(const std::string& node, const std::string& text) const {
    std::ofstream(dev() / (node + ".new")) << text;
    fs::rename(dev() / (node + ".new"), dev() / node);
  }
  static CameraConfig front() { return {.device = kFront, .fps = 60}; }
  static CameraSpec spec() { return {"front", 640, 480, "fixed"}; }

  // The first picture after `id`; empty when none has come for five seconds.
  static PictureRef picture_after(V4l2Camera& camera, int64_t id) {
    PictureRef found;
    await([&] {
      found = camera.newest();
      return found && found->id > id;
    });
    return found && found->id > id ? found : PictureRef();
  }
  static bool await(const std::function<bool()>& holds) {
    for (int i = 0; i < 1000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  static std::string refusal(const CameraConfig& config) {
    try {
      Device device("camera.front", config);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  static constexpr const char* kDescription =
      "name Fake front camera\nmode yuyv 640 480 15\nmode mjpg 640 480 60\nmode mjpg 1280 720 30\n";
  io::ScratchFolder folder_;
};

TEST_F(Cameras, AreFoundByANameThatLasts) {
  describe("video1", "name Its metadata\n");
  describe("video2", "name Wrist camera\nmode yuyv 320 240 30\n");
  const std::vector<FoundCamera> found = find_cameras();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, kFront);
  EXPECT_EQ(found[0].name, "Fake front camera");
  EXPECT_EQ(found[0].modes[1], (Mode{"mjpg", 640, 480, 60}));
  EXPECT_EQ(found[1].path, "/dev/video2");
}

TEST_F(Cameras, GivePicturesWithTheTimeOfTheirCapture) {
  for (const char* format : {"mjpg", "yuyv"}) {
    CameraConfig config = front();
    config.format = format;
    config.fps = 15;
    V4l2Camera camera(config, spec());
    const PictureRef picture = picture_after(camera, 0);
    ASSERT_TRUE(picture) << format;
    // The stamp has microseconds.
    EXPECT_EQ(time_code(picture->image) / 1000, picture->time_ns / 1000) << format;
    EXPECT_LE(picture->time_ns, SteadyClock().now_ns());
  }
}

TEST_F(Cameras, GiveOnlyTheNewestPicture) {
  Device device("camera.front", front());
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  Device::Frame first, second;
  ASSERT_EQ(device.read(1000, first), Device::Read::kFrame);
  const int64_t before = first.time_ns;
  ASSERT_EQ(device.read(1000, second), Device::Read::kFrame);
  EXPECT_GT(second.time_ns, before);
}

TEST_F(Cameras, AreShapedAsTheContractAsks) {
  CameraConfig config = front();
  config.crop = {.left = 0.125, .right = 0.125};  // 480 x 480
  V4l2Camera camera(config, {"front", 64, 64, "fixed"});
  const PictureRef picture = picture_after(camera, -1);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->image.width, 64);
  EXPECT_EQ(picture->image.height, 64);
}

TEST_F(Cameras, ComeBackAfterTheyWereUnplugged) {
  V4l2Camera camera(front(), spec());
  const PictureRef before = picture_after(camera, -1);
  ASSERT_TRUE(before);
  fs::remove(dev() / "video0");
  ASSERT_TRUE(await([&] { return !camera.is_there(); }));
  const int64_t last = camera.newest()->id;
  describe("video0", kDescription);
  const PictureRef after = picture_after(camera, last);
  ASSERT_TRUE(after);
  EXPECT_GT(after->time_ns, before->time_ns);
  EXPECT_EQ(camera.counts().returns, 1);
}

TEST_F(Cameras, GiveNothingNewWhileTheyAreFrozen) {
  V4l2Camera camera(front(), spec());
  ASSERT_TRUE(picture_after(camera, -1));
  describe("video0", std::string(kDescription) + "frozen\n");
  ASSERT_TRUE(await([&] { return camera.counts().repeated > 5; }));
  const int64_t frozen = camera.newest()->id;
  const int64_t repeated = camera.counts().repeated;
  ASSERT_TRUE(await([&] { return camera.counts().repeated > repeated + 5; }));
  EXPECT_EQ(camera.newest()->id, frozen);
  describe("video0", kDescription);
  EXPECT_TRUE(picture_after(camera, frozen));
}

TEST_F(Cameras, SkipPicturesThatEndEarly) {
  describe("video0", std::string(kDescription) + "broken 2\n");
  V4l2Camera camera(front(), spec());
  ASSERT_TRUE(await([&] { return camera.counts().broken > 2 && camera.counts().pictures > 2; }));
  const PictureRef picture = camera.newest();
  EXPECT_EQ(time_code(picture->image) / 1000, picture->time_ns / 1000);
}

TEST_F(Cameras, TakeTheFormatThatGivesSizeAndRate) {
  EXPECT_EQ(Device("camera.front", front()).mode().format, "mjpg");
  describe("video0", "name Old\nmode mjpg 640 480 10\nmode yuyv 640 480 30\n");
  CameraConfig config = front();
  config.fps = 30;
  EXPECT_EQ(Device("camera.front", config).mode().format, "yuyv");
}

TEST_F(Cameras, AreRefusedInOneLine) {
  const auto expect = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(text.rfind("camera.front", 0), 0U) << text;
  };
  CameraConfig config = front();
  config.device = "";
  expect(refusal(config), "gyre robot find-cameras");
  config.device = "/dev/video7";
  expect(refusal(config), "there is no such device");
  config = front();
  config.width = 320;
  config.height = 240;
  expect(refusal(config), "gives no 320x240; it gives yuyv 640x480 at 15, mjpg 640x480 at 60");
  config = front();
  config.fps = 120;
  expect(refusal(config), "60 pictures a second");
  describe("video0", std::string(kDescription) + "gives 320 240\n");
  expect(refusal(front()), "was asked for 640x480 as mjpg and gives 320x240");
  describe("video0", std::string(kDescription) + "busy\n");
  expect(refusal(front()), "in use by another program");
  describe("video0", "name Its metadata\n");
  expect(refusal(front()), "no camera");
  constexpr int kExposure = 10094850;
  describe("video0", std::string(kDescription) + "lacks " + std::to_string(kExposure) + "\n");
  config = front();
  config.exposure_us = 5000;
  expect(refusal(config), "exposure_us");
  describe("video0", "");
  expect(refusal(front()), "usermod -aG video");
}

}  // namespace
}  // namespace gyre::v4l2
