#pragma once

#include <cstdint>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/robot/camera_config.h"

namespace gyre {

// Makes a camera's picture the one that the contract asks for: straightens the lens, crops, rotates
// and shrinks, in this order. The source of each pixel is computed once.
class PictureShaper {
 public:
  // `config` is valid; the result has width x height pixels.
  PictureShaper(const CameraConfig& config, int width, int height);

  // `picture` has config.width x config.height pixels.
  Image shape(const Image& picture) const;

 private:
  // Bilinear: the pixel at `offset` and its neighbours to the right and below, in 1/256.
  struct Source {
    int32_t offset = 0;  // into Image::rgb
    uint16_t right = 0, below = 0;
  };
  Image gather(const Image& picture) const;

  int width_, height_;
  int from_width_;
  int shaped_width_ = 0, shaped_height_ = 0;  // before shrinking
  std::vector<Source> sources_;               // of each pixel; empty: the picture as it is
};

}  // namespace gyre
