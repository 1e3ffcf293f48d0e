#include "gyre/io/image_file.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cmath>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

Image gradient(int width, int height) {
  Image image = Image::black(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* p = &image.rgb[(static_cast<size_t>(y) * width + x) * 3];
      p[0] = static_cast<uint8_t>(x * 255 / width);
      p[1] = static_cast<uint8_t>(y * 255 / height);
      p[2] = 128;
    }
  }
  return image;
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

TEST(ImageFile, PngLosesNothing) {
  const Image image = gradient(33, 21);
  EXPECT_EQ(decode_image(encode_png(image), "png"), image);
}

// A picture of one pixel with 16 bits a sample, as some cameras write.
std::vector<uint8_t> deep_pixel(int colour, const std::vector<uint16_t>& samples) {
  std::vector<uint8_t> bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp to, png_bytep data, size_t size) {
        auto* all = static_cast<std::vector<uint8_t>*>(png_get_io_ptr(to));
        all->insert(all->end(), data, data + size);
      },
      nullptr);
  png_set_IHDR(png, info, 1, 1, 16, colour, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  std::vector<uint8_t> row;
  for (const uint16_t sample : samples) {
    row.push_back(static_cast<uint8_t>(sample >> 8));
    row.push_back(static_cast<uint8_t>(sample));
  }
  png_write_row(png, row.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

TEST(ImageFile, OfSixteenBitsTheUpperEightStay) {
  const auto colour = deep_pixel(PNG_COLOR_TYPE_RGB, {0x4040, 0x8080, 0xffff});
  EXPECT_FALSE(is_deep_grey(colour));
  EXPECT_EQ(decode_image(colour, "png").rgb, (std::vector<uint8_t>{0x40, 0x80, 0xff}));
  EXPECT_TRUE(is_deep_grey(deep_pixel(PNG_COLOR_TYPE_GRAY, {1200})));
  EXPECT_FALSE(is_deep_grey(encode_png(gradient(3, 2))));
  EXPECT_FALSE(is_deep_grey(std::vector<uint8_t>{0x89, 'P', 'N', 'G'}));
}

TEST(ImageFile, JpegStaysClose) {
  const Image image = gradient(64, 48);
  const Image back = decode_image(encode_jpeg(image), "jpeg");
  ASSERT_EQ(back.width, 64);
  ASSERT_EQ(back.height, 48);
  EXPECT_LT(mean_difference(image, back), 2);
}

TEST(ImageFile, RefusesBrokenData) {
  for (std::vector<uint8_t> bytes : {encode_png(gradient(40, 40)), encode_jpeg(gradient(40, 40))}) {
    for (size_t keep : {size_t{0}, size_t{3}, size_t{12}, bytes.size() / 2, bytes.size() - 20}) {
      EXPECT_THROW(decode_image({bytes.data(), keep}, "cut"), Error) << keep;
    }
  }
  EXPECT_THROW(encode_png(Image{}), Error);
  EXPECT_THROW(write_image("/tmp/picture.bmp", gradient(4, 4)), Error);
  EXPECT_THROW(read_image("/nowhere/picture.png"), Error);
}

TEST(ImageFile, ShrinkingTakesTheMeanOfTheArea) {
  Image image = Image::black(4, 2);
  for (int i = 0; i < 8; ++i) image.rgb[i * 3] = static_cast<uint8_t>(i * 10);
  const Image small = resize(image, 2, 1);
  EXPECT_EQ(small.rgb[0], (0 + 10 + 40 + 50) / 4);
  EXPECT_EQ(small.rgb[3], (20 + 30 + 60 + 70) / 4);
  // A third of the second old pixel in the first new one.
  Image row = Image::black(3, 1);
  row.rgb = {0, 0, 0, 90, 0, 0, 240, 0, 0};
  const Image two = resize(row, 2, 1);
  EXPECT_EQ(two.rgb[0], 30);
  EXPECT_EQ(two.rgb[3], 190);
}

TEST(ImageFile, GrowingIsBilinear) {
  Image row = Image::black(2, 1);
  row.rgb = {0, 0, 0, 200, 0, 0};
  const Image four = resize(row, 4, 2);
  EXPECT_EQ(four.rgb[0], 0);
  EXPECT_EQ(four.rgb[3], 50);
  EXPECT_EQ(four.rgb[6], 150);
  EXPECT_EQ(four.rgb[9], 200);
  EXPECT_LT(mean_difference(resize(resize(gradient(32, 32), 96, 80), 32, 32), gradient(32, 32)), 2);
  EXPECT_THROW(resize(row, 0, 4), Error);
}

}  // namespace
}  // namespace gyre::io
