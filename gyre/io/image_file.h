#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "gyre/core/image.h"

namespace gyre::io {

// Images as files in memory: lossless PNG, and JPEG (libjpeg-turbo, 4:2:0).
std::vector<uint8_t> encode_png(const Image& image);
std::vector<uint8_t> encode_jpeg(const Image& image, int quality = 95);

// Either format, recognised by its first bytes; grey and palette become RGB, alpha is dropped, of
// 16 bits the upper 8 stay. Throws Error naming `name` for anything else or for broken data.
Image decode_image(std::span<const uint8_t> bytes, const std::string& name);

// Whether a picture is a PNG of grey with 16 bits, as depth cameras write; false for what is none.
bool is_deep_grey(std::span<const uint8_t> bytes);

// By extension: .png, .jpg or .jpeg. Throws Error naming the file.
void write_image(const std::filesystem::path& file, const Image& image);
Image read_image(const std::filesystem::path& file);

// Each new pixel is the mean of the area it covers; where the picture grows, bilinear between pixel
// centres. The aspect ratio is not kept. Throws Error for an empty size.
Image resize(const Image& image, int width, int height);

}  // namespace gyre::io
