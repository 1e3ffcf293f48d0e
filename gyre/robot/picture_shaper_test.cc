#include "gyre/robot/picture_shaper.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"

namespace gyre {
namespace {

// Every pixel says where it is.
Image places(int width, int height) {
  Image image = Image::black(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * width + x) * 3];
      pixel[0] = static_cast<uint8_t>(x);
      pixel[1] = static_cast<uint8_t>(y);
    }
  }
  return image;
}

std::pair<int, int> place(const Image& image, int x, int y) {
  const uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * image.width + x) * 3];
  return {pixel[0], pixel[1]};
}

TEST(PictureShaper, LeavesAPictureThatFitsAsItIs) {
  const PictureShaper shaper({.width = 40, .height = 30}, 40, 30);
  EXPECT_EQ(shaper.shape(places(40, 30)), places(40, 30));
}

TEST(PictureShaper, TurnsClockwise) {
  const Image quarter =
      PictureShaper({.width = 40, .height = 30, .rotate = 90}, 30, 40).shape(places(40, 30));
  EXPECT_EQ(place(quarter, 0, 0), std::pair(0, 29));  // what was below on the left
  EXPECT_EQ(place(quarter, 29, 0), std::pair(0, 0));
  EXPECT_EQ(place(quarter, 29, 39), std::pair(39, 0));
  const Image half =
      PictureShaper({.width = 40, .height = 30, .rotate = 180}, 40, 30).shape(places(40, 30));
  EXPECT_EQ(place(half, 0, 0), std::pair(39, 29));
  const Image three =
      PictureShaper({.width = 40, .height = 30, .rotate = 270}, 30, 40).shape(places(40, 30));
  EXPECT_EQ(place(three, 0, 0), std::pair(39, 0));
  EXPECT_EQ(place(three, 29, 39), std::pair(0, 29));
}

TEST(PictureShaper, CutsBeforeItTurns) {
  const CameraConfig config{
      .width = 40, .height = 30, .rotate = 90, .crop = {.left = 0.25, .bottom = 0.1}};
  const Image image = PictureShaper(config, 27, 30).shape(places(40, 30));
  EXPECT_EQ(place(image, 26, 0), std::pair(10, 0));
  EXPECT_EQ(place(image, 0, 29), std::pair(39, 26));
}

TEST(PictureShaper, StraightensALens) {
  const CameraConfig config{
      .width = 101, .height = 101, .lens = {.fx = 100, .fy = 100, .cx = 50, .cy = 50, .k1 = 0.1}};
  const Image image = PictureShaper(config, 101, 101).shape(places(101, 101));
  EXPECT_EQ(place(image, 50, 50), std::pair(50, 50));  // the centre stays
  // At x = 0.4 focal lengths: 0.4 (1 + 0.1 * 0.16) = 0.4064.
  EXPECT_EQ(place(image, 90, 50), std::pair(91, 50));
}

TEST(PictureShaper, ShrinksToTheContractsSize) {
  const Image image = PictureShaper({.width = 64, .height = 48}, 16, 16).shape(places(64, 48));
  EXPECT_EQ(image.width, 16);
  EXPECT_EQ(place(image, 0, 0), std::pair(2, 1));  // the mean of 4 x 3 pixels, rounded
}

TEST(CameraConfig, NamesTheFieldThatIsWrong) {
  const auto refusal = [](const CameraConfig& config) {
    try {
      config.validate("camera.front");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_NE(refusal({.rotate = 45}).find("camera.front.rotate"), std::string::npos);
  EXPECT_NE(refusal({.crop = {.left = 0.6, .right = 0.4}}).find("crop"), std::string::npos);
  EXPECT_NE(refusal({.format = "h264"}).find("h264"), std::string::npos);
  EXPECT_NE(refusal({.fps = 0}).find("fps"), std::string::npos);
}

}  // namespace
}  // namespace gyre
