#include "gyre/robot/picture_shaper.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/io/image_file.h"

namespace gyre {
namespace {

using Point = std::array<double, 2>;  // x, y in pixels, at pixel centres

// Where the lens put what a straight picture has at `p` (OpenCV's model of distortion).
Point bent(const CameraConfig::Lens& lens, Point p) {
  if (lens.fx == 0) return p;
  const double x = (p[0] - lens.cx) / lens.fx, y = (p[1] - lens.cy) / lens.fy;
  const double r2 = x * x + y * y;
  const double radial = 1 + r2 * (lens.k1 + r2 * (lens.k2 + r2 * lens.k3));
  const double bent_x = x * radial + 2 * lens.p1 * x * y + lens.p2 * (r2 + 2 * x * x);
  const double bent_y = y * radial + lens.p1 * (r2 + 2 * y * y) + 2 * lens.p2 * x * y;
  return {bent_x * lens.fx + lens.cx, bent_y * lens.fy + lens.cy};
}

// The pixel of a picture of width x height before it was turned clockwise.
Point before_turn(int degrees, int width, int height, Point p) {
  switch (degrees) {
    case 90:
      return {p[1], height - 1 - p[0]};
    case 180:
      return {width - 1 - p[0], height - 1 - p[1]};
    case 270:
      return {width - 1 - p[1], p[0]};
    default:
      return p;
  }
}

}  // namespace

PictureShaper::PictureShaper(const CameraConfig& config, int width, int height)
    : width_(width), height_(height), from_width_(config.width) {
  const auto cut = [](double share, int size) {
    return static_cast<int>(std::lround(share * size));
  };
  const int left = cut(config.crop.left, config.width), top = cut(config.crop.top, config.height);
  const int cropped_width = std::max(1, config.width - left - cut(config.crop.right, config.width));
  const int cropped_height =
      std::max(1, config.height - top - cut(config.crop.bottom, config.height));
  const bool lies = config.rotate == 90 || config.rotate == 270;
  shaped_width_ = lies ? cropped_height : cropped_width;
  shaped_height_ = lies ? cropped_width : cropped_height;
  if (config.rotate == 0 && config.crop == CameraConfig::Crop{} && config.lens.fx == 0) return;

  sources_.reserve(static_cast<size_t>(shaped_width_) * shaped_height_);
  for (int y = 0; y < shaped_height_; ++y) {
    for (int x = 0; x < shaped_width_; ++x) {
      const Point turned = before_turn(config.rotate, cropped_width, cropped_height,
                                       {static_cast<double>(x), static_cast<double>(y)});
      const Point p = bent(config.lens, {turned[0] + left, turned[1] + top});
      // Beyond the edge the picture goes on as it ends.
      const double at_x = std::clamp(p[0], 0.0, config.width - 1.0);
      const double at_y = std::clamp(p[1], 0.0, config.height - 1.0);
      const int pixel_x = std::min(static_cast<int>(at_x), config.width - 2);
      const int pixel_y = std::min(static_cast<int>(at_y), config.height - 2);
      sources_.push_back({.offset = (pixel_y * config.width + pixel_x) * 3,
                          .right = static_cast<uint16_t>(std::lround(256 * (at_x - pixel_x))),
                          .below = static_cast<uint16_t>(std::lround(256 * (at_y - pixel_y)))});
    }
  }
}

Image PictureShaper::gather(const Image& picture) const {
  Image shaped = Image::black(shaped_width_, shaped_height_);
  const size_t row = static_cast<size_t>(from_width_) * 3;
  uint8_t* to = shaped.rgb.data();
  for (const Source& source : sources_) {
    const uint8_t* at = picture.rgb.data() + source.offset;
    const int right = source.right, below = source.below;
    for (int c = 0; c < 3; ++c, ++at, ++to) {
      const int above = at[0] * (256 - right) + at[3] * right;
      const int under = at[row] * (256 - right) + at[row + 3] * right;
      *to = static_cast<uint8_t>((above * (256 - below) + under * below + (1 << 15)) >> 16);
    }
  }
  return shaped;
}

Image PictureShaper::shape(const Image& picture) const {
  if (sources_.empty()) {
    if (picture.width == width_ && picture.height == height_) return picture;
    return io::resize(picture, width_, height_);
  }
  Image shaped = gather(picture);
  if (shaped.width == width_ && shaped.height == height_) return shaped;
  return io::resize(shaped, width_, height_);
}

}  // namespace gyre
