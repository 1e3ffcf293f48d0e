#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gyre/core/image.h"

namespace gyre {

// LeRobot's and openpi's resizing: the aspect ratio is kept, the picture is centred, the rest is
// black. All throw Error for an empty size.

// As openpi: Pillow's bilinear filter, which averages the area where it shrinks, in 8 bits.
Image resize_with_pad(const Image& image, int width, int height);

// Where the rest lies: around the picture, or left of and above it (LeRobot before October 2025).
enum class Bands { kAround, kFirst };

// As LeRobot: bilinear between pixel centres whatever the scale. `planes` is [channels,
// image_height, image_width] in [0, 1]; returns [channels, height, width].
std::vector<float> resize_with_pad(std::span<const float> planes, int channels, int image_width,
                                   int image_height, int width, int height,
                                   Bands bands = Bands::kAround);

// [0, 1] as bytes, cut off as openpi cuts the pictures of LeRobot's datasets.
std::vector<uint8_t> to_bytes(std::span<const float> values);

// The vision tower's input: [3, height, width] in [-1, 1].
std::vector<float> to_planes(const Image& image);

}  // namespace gyre
