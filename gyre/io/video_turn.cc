#include "gyre/io/video_turn.h"

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace gyre::io {
namespace {

void copy_pixel(const Image& from, int x, int y, Image& to, int to_x, int to_y) {
  std::memcpy(&to.rgb[(static_cast<size_t>(to_y) * to.width + to_x) * 3],
              &from.rgb[(static_cast<size_t>(y) * from.width + x) * 3], 3);
}

Image mirrored(const Image& image) {
  Image result = Image::black(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      copy_pixel(image, x, y, result, image.width - 1 - x, y);
    }
  }
  return result;
}

Image quarter_turned(const Image& image) {
  Image result = Image::black(image.height, image.width);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      copy_pixel(image, x, y, result, image.height - 1 - y, x);
    }
  }
  return result;
}

}  // namespace

Turn turn_of(const AVStream& stream) {
  size_t size = 0;
  const uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < 9 * sizeof(int32_t)) return {};
  int32_t matrix[9];
  std::memcpy(matrix, data, sizeof(matrix));
  Turn turn;
  // [a b; c d] with a negative determinant mirrors.
  turn.mirrored =
      static_cast<double>(matrix[0]) * matrix[4] < static_cast<double>(matrix[1]) * matrix[3];
  if (turn.mirrored) av_display_matrix_flip(matrix, 1, 0);
  const double clockwise = -av_display_rotation_get(matrix);
  if (!std::isfinite(clockwise)) return {};
  turn.quarters = (static_cast<int>(std::lround(clockwise / 90)) % 4 + 4) % 4;
  return turn;
}

Image turned(Image image, Turn turn) {
  if (turn.mirrored) image = mirrored(image);
  for (int i = 0; i < turn.quarters; ++i) image = quarter_turned(image);
  return image;
}

}  // namespace gyre::io
