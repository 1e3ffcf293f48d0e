#include "gyre/robot/v4l2/pixels.h"

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::v4l2 {
namespace {

uint8_t byte_of(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// Factors of 1/256.
void write_rgb(int y, int u, int v, uint8_t* rgb) {
  const int luma = 298 * (y - 16) + 128;
  rgb[0] = byte_of((luma + 409 * (v - 128)) >> 8);
  rgb[1] = byte_of((luma - 100 * (u - 128) - 208 * (v - 128)) >> 8);
  rgb[2] = byte_of((luma + 516 * (u - 128)) >> 8);
}

}  // namespace

bool decode_yuyv(std::span<const uint8_t> bytes, int width, int height, Image& image) {
  const size_t pixels = static_cast<size_t>(width) * height;
  if (width % 2 != 0 || bytes.size() < 2 * pixels) return false;
  image = Image::black(width, height);
  uint8_t* rgb = image.rgb.data();
  for (size_t i = 0; i < 2 * pixels; i += 4, rgb += 6) {
    write_rgb(bytes[i], bytes[i + 1], bytes[i + 3], rgb);
    write_rgb(bytes[i + 2], bytes[i + 1], bytes[i + 3], rgb + 3);
  }
  return true;
}

bool decode_mjpg(std::span<const uint8_t> bytes, int width, int height, Image& image) {
  size_t end = bytes.size();
  while (end >= 2 && (bytes[end - 2] != 0xFF || bytes[end - 1] != 0xD9)) --end;
  if (end < 2 || bytes[0] != 0xFF || bytes[1] != 0xD8) return false;
  try {
    image = io::decode_image(bytes.first(end), "camera");
  } catch (const Error&) {
    return false;
  }
  return image.width == width && image.height == height;
}

}  // namespace gyre::v4l2
