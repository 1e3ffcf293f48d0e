#pragma once

#include <cstdint>
#include <span>

#include "gyre/core/image.h"

namespace gyre::v4l2 {

// Pixels of Y0 U Y1 V (BT.601, limited range), [height, width, 2] bytes with even width. False
// where there are too few bytes.
bool decode_yuyv(std::span<const uint8_t> bytes, int width, int height, Image& image);

// One picture of a stream of JPEGs; what the camera adds after its end is left out. False where it
// is broken or has another size.
bool decode_mjpg(std::span<const uint8_t> bytes, int width, int height, Image& image);

}  // namespace gyre::v4l2
