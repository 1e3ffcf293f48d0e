#include "gyre/io/video_colours.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "gyre/core/rng.h"

namespace gyre::io {
namespace {

std::vector<uint8_t> by_swscale(const AVFrame& frame) {
  const int width = frame.width, height = frame.height;
  const FfmpegPtr<SwsContext> colours(
      sws_getContext(width, height, AV_PIX_FMT_YUV420P, width, height, AV_PIX_FMT_RGB24,
                     SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT, nullptr,
                     nullptr, nullptr));
  const int* matrix = colour_matrix(frame);
  sws_setColorspaceDetails(colours.get(), matrix, frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0,
                           matrix, 1, 0, 1 << 16, 1 << 16);
  const auto rgb = padded_frame("rgb", width, height, AV_PIX_FMT_RGB24);
  sws_scale(colours.get(), frame.data, frame.linesize, 0, height, rgb->data, rgb->linesize);
  std::vector<uint8_t> pixels(static_cast<size_t>(width) * height * 3);
  av_image_copy_plane(pixels.data(), width * 3, rgb->data[0], rgb->linesize[0], width * 3, height);
  return pixels;
}

TEST(VideoColours, AreThoseOfSwscaleBitByBit) {
  Rng rng(1);
  for (const auto& [width, height] :
       {std::pair(16, 18), {18, 16}, {34, 36}, {64, 48}, {224, 224}}) {
    for (const AVColorSpace space : {AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M}) {
      for (const AVColorRange range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG}) {
        const auto frame = padded_frame("yuv", width, height, AV_PIX_FMT_YUV420P);
        frame->colorspace = space;
        frame->color_range = range;
        for (int plane = 0; plane < 3; ++plane) {
          const int rows = plane == 0 ? height : height / 2,
                    columns = plane == 0 ? width : width / 2;
          for (int y = 0; y < rows; ++y) {
            for (int x = 0; x < columns; ++x) {
              frame->data[plane][y * frame->linesize[plane] + x] =
                  static_cast<uint8_t>(rng.below(256));
            }
          }
        }
        ASSERT_TRUE(is_plain_yuv420(*frame));
        std::vector<uint8_t> pixels(static_cast<size_t>(width) * height * 3);
        yuv420_to_rgb(*frame, pixels);
        EXPECT_EQ(pixels, by_swscale(*frame)) << width << "x" << height;
      }
    }
  }
  EXPECT_FALSE(is_plain_yuv420(*padded_frame("small", 8, 16, AV_PIX_FMT_YUV420P)));
  EXPECT_FALSE(is_plain_yuv420(*padded_frame("odd", 33, 32, AV_PIX_FMT_YUV420P)));
  EXPECT_FALSE(is_plain_yuv420(*padded_frame("deep", 32, 32, AV_PIX_FMT_YUV420P10)));
}

}  // namespace
}  // namespace gyre::io
