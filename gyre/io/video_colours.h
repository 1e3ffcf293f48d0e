#pragma once

#include <cstdint>
#include <span>

#include "gyre/io/video_ffmpeg.h"

// Colours of decoded frames: shared by video*.cc alone.
namespace gyre::io {

// The colour matrix of a frame, as sws_getCoefficients() gives it.
const int* colour_matrix(const AVFrame& frame);

// True where yuv420_to_rgb() takes the frame: 8-bit 4:2:0, even width and height from 16 up.
bool is_plain_yuv420(const AVFrame& frame);

// Writes the frame's pixels, [height, width, 3]: bit by bit those of swscale with SWS_BILINEAR,
// SWS_ACCURATE_RND, SWS_FULL_CHR_H_INT and SWS_BITEXACT, for a twentieth of the time.
void yuv420_to_rgb(const AVFrame& frame, std::span<uint8_t> rgb);

}  // namespace gyre::io
