#include "gyre/io/video_colours.h"

#include <algorithm>
#include <array>
#include <vector>

// With GCC, one copy of each loop for each instruction set, chosen when the program starts;
// ThreadSanitizer cannot start such programs.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define GYRE_FAST_COLOURS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GYRE_FAST_COLOURS
#endif

namespace gyre::io {
namespace {

constexpr int kLeastSide = 16;  // swscale interpolates less in smaller pictures

// Factors of 13 bits, of products whose whole part begins at bit 22 (libswscale/yuv2rgb.c).
struct ColourFactors {
  int luma, black, red_v, green_v, green_u, blue_u;
};

int rounded_16(int64_t value) {
  return static_cast<int>(std::clamp<int64_t>((value + (1 << 15)) >> 16, -0x7fff, 0x7fff));
}

ColourFactors colour_factors(const AVFrame& frame) {
  const int* matrix = colour_matrix(frame);
  std::array<int64_t, 4> chroma = {matrix[0], matrix[1], -matrix[2], -matrix[3]};
  int64_t luma = 1 << 16, black = 0;
  if (frame.color_range == AVCOL_RANGE_JPEG) {
    for (int64_t& value : chroma) value = value * 224 / 255;
  } else {
    luma = luma * 255 / 219;
    black = 16 << 16;
  }
  constexpr int64_t kOne = 1 << 13;
  return {.luma = rounded_16(luma * kOne),
          .black = rounded_16(black * 512),
          .red_v = rounded_16(chroma[0] * kOne),
          .green_v = rounded_16(chroma[3] * kOne),
          .green_u = rounded_16(chroma[2] * kOne),
          .blue_u = rounded_16(chroma[1] * kOne)};
}

// A row of `count` chroma samples in 15 bits at twice the width: 3/4 of the nearer, 1/4 of the
// further one.
GYRE_FAST_COLOURS void widen(const uint8_t* __restrict from, int count, int16_t* __restrict to) {
  to[0] = static_cast<int16_t>(from[0] * 128);
  for (int i = 0; i < count - 1; ++i) {
    to[2 * i + 1] = static_cast<int16_t>(32 * (3 * from[i] + from[i + 1]));
    to[2 * i + 2] = static_cast<int16_t>(32 * (from[i] + 3 * from[i + 1]));
  }
  to[2 * count - 1] = static_cast<int16_t>(from[count - 1] * 128);
}

struct ChromaRow {
  const int16_t *u, *v;
};

// Chroma that no camera makes runs over 31 bits; the sum wraps around, as libswscale's does.
inline int plus(int a, int b) {
  return static_cast<int>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

inline uint8_t to_byte(int value) { return static_cast<uint8_t>(std::clamp(value >> 22, 0, 255)); }

// A row of pixels whose chroma is the mean of two rows.
GYRE_FAST_COLOURS void mix(const uint8_t* __restrict luma, ChromaRow above, ChromaRow below,
                           int width, ColourFactors k, uint8_t* __restrict rgb) {
  constexpr int kGrey = 2 * (128 << 7), kHalf = 1 << 21;
  for (int x = 0; x < width; ++x) {
    const int y = (luma[x] * 512 - k.black) * k.luma + kHalf;
    const int u = (above.u[x] + below.u[x] - kGrey) * 2;
    const int v = (above.v[x] + below.v[x] - kGrey) * 2;
    rgb[3 * x] = to_byte(plus(y, v * k.red_v));
    rgb[3 * x + 1] = to_byte(plus(y, v * k.green_v + u * k.green_u));
    rgb[3 * x + 2] = to_byte(plus(y, u * k.blue_u));
  }
}

}  // namespace

const int* colour_matrix(const AVFrame& frame) {
  return sws_getCoefficients(frame.colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
}

bool is_plain_yuv420(const AVFrame& frame) {
  return frame.format == AV_PIX_FMT_YUV420P && frame.width >= kLeastSide &&
         frame.height >= kLeastSide && frame.width % 2 == 0 && frame.height % 2 == 0;
}

// An odd row takes the chroma row that covers it, an even one the mean of that and the one above;
// at the lower edge it is the other way round (libswscale/vscale.c rounds weights of 1/4 and 3/4).
void yuv420_to_rgb(const AVFrame& frame, std::span<uint8_t> rgb) {
  const int width = frame.width, last = frame.height / 2 - 1;
  const ColourFactors factors = colour_factors(frame);
  std::vector<int16_t> wide(static_cast<size_t>(width) * 4);  // two rows of each, in turns
  std::array<int, 2> held = {-1, -1};
  const auto chroma = [&](int row) -> ChromaRow {
    const auto turn = static_cast<size_t>(row % 2);
    int16_t* u = wide.data() + turn * 2 * static_cast<size_t>(width);
    int16_t* v = u + width;
    if (held[turn] != row) {
      widen(frame.data[1] + static_cast<ptrdiff_t>(row) * frame.linesize[1], width / 2, u);
      widen(frame.data[2] + static_cast<ptrdiff_t>(row) * frame.linesize[2], width / 2, v);
      held[turn] = row;
    }
    return {u, v};
  };
  for (int y = 0; y < frame.height; ++y) {
    const int row = y / 2;
    const bool alone = y == 0 || (y % 2 == 1 && row < last);
    const ChromaRow above = chroma(alone ? row : row - 1);
    mix(frame.data[0] + static_cast<ptrdiff_t>(y) * frame.linesize[0], above, chroma(row), width,
        factors, rgb.data() + static_cast<size_t>(y) * width * 3);
  }
}

}  // namespace gyre::io
