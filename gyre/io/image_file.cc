#include "gyre/io/image_file.h"

#include <fmt/format.h>
#include <png.h>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
#include <cstdio>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <memory>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

constexpr int kLargestSide = 16384;
constexpr uint64_t kMostPixels = uint64_t{1} << 26;  // few bytes may claim many pixels

bool is_too_large(uint64_t width, uint64_t height) {
  return width > kLargestSide || height > kLargestSide || width * height > kMostPixels;
}
constexpr const char* kTooLarge = "it has more than 16384 pixels on a side or 67 million in all";

void require_pixels(const Image& image) {
  if (image.width <= 0 || image.height <= 0 ||
      image.rgb.size() != static_cast<size_t>(image.width) * image.height * 3) {
    throw Error(
        "image",
        fmt::format("{}x{} pixels with {} bytes", image.width, image.height, image.rgb.size()),
        "give width x height x 3 bytes");
  }
}

[[noreturn]] void throw_broken(const std::string& name, std::string_view why) {
  throw Error(name, fmt::format("not a readable PNG or JPEG image: {}", why),
              "it may be truncated; fetch or record it again");
}

// libjpeg reports errors by a call that must not return.
struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

void jpeg_failed(j_common_ptr info) {
  auto* errors = reinterpret_cast<JpegErrors*>(info->err);
  info->err->format_message(info, errors->message);
  std::longjmp(errors->jump, 1);
}

void silence(j_common_ptr, int) {}

// A truncated JPEG is only a warning to libjpeg, which then invents the rest.
bool decode_jpeg_into(std::span<const uint8_t> bytes, Image& image, std::string& why) {
  jpeg_decompress_struct info{};
  JpegErrors errors{};
  info.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = jpeg_failed;
  errors.manager.emit_message = silence;
  if (setjmp(errors.jump) != 0) {
    jpeg_destroy_decompress(&info);
    why = errors.message;
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes.data(), bytes.size());
  jpeg_read_header(&info, TRUE);
  if (is_too_large(info.image_width, info.image_height)) {
    jpeg_destroy_decompress(&info);
    why = kTooLarge;
    return false;
  }
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  image.width = static_cast<int>(info.output_width);
  image.height = static_cast<int>(info.output_height);
  image.rgb.resize(static_cast<size_t>(image.width) * image.height * 3);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.rgb.data() + static_cast<size_t>(info.output_scanline) * image.width * 3;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  const bool whole =
      errors.manager.num_warnings == 0 && bytes[bytes.size() - 2] == 0xFF && bytes.back() == 0xD9;
  jpeg_destroy_decompress(&info);
  if (!whole) why = "its data end early";
  return whole;
}

Image decode_png(std::span<const uint8_t> bytes, const std::string& name) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) {
    throw_broken(name, png.message);
  }
  if (is_too_large(png.width, png.height)) {
    png_image_free(&png);
    throw_broken(name, kTooLarge);
  }
  png.format = PNG_FORMAT_RGB;
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // libpng takes 16 bits for linear light otherwise
  Image image = Image::black(static_cast<int>(png.width), static_cast<int>(png.height));
  const png_color black{};
  const bool good = png_image_finish_read(&png, &black, image.rgb.data(), 0, nullptr) != 0;
  if (!good || png.warning_or_error != 0) throw_broken(name, png.message);
  return image;
}

// For each new pixel along one axis: the old pixels that it takes from and their weights.
struct Axis {
  std::vector<int> first;                   // [new]
  std::vector<std::vector<float>> weights;  // [new][taps], sum 1
};

Axis axis_of(int old_size, int new_size) {
  Axis axis;
  const double scale = static_cast<double>(old_size) / new_size;
  for (int i = 0; i < new_size; ++i) {
    std::vector<float> weights;
    int first = 0;
    if (scale >= 1) {  // the mean over [low, high)
      const double low = i * scale, high = (i + 1) * scale;
      first = static_cast<int>(low);
      for (int p = first; p < old_size && p < high; ++p) {
        const double covered = std::min<double>(high, p + 1) - std::max<double>(low, p);
        if (covered > 1e-9) weights.push_back(static_cast<float>(covered / scale));
      }
    } else {  // between the two nearest centres
      const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, old_size - 1.0);
      first = std::min(static_cast<int>(centre), std::max(old_size - 2, 0));
      const auto part = static_cast<float>(centre - first);
      weights = old_size == 1 ? std::vector<float>{1} : std::vector<float>{1 - part, part};
    }
    axis.first.push_back(first);
    axis.weights.push_back(std::move(weights));
  }
  return axis;
}

std::string lower_extension(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

}  // namespace

std::vector<uint8_t> encode_png(const Image& image) {
  require_pixels(image);
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  png.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<uint8_t> bytes(size);
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, image.rgb.data(), 0, nullptr)) {
    throw Error("PNG", png.message);
  }
  bytes.resize(size);
  return bytes;
}

std::vector<uint8_t> encode_jpeg(const Image& image, int quality) {
  require_pixels(image);
  jpeg_compress_struct info{};
  JpegErrors errors{};
  info.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = jpeg_failed;
  unsigned char* buffer = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's type
  if (setjmp(errors.jump) != 0) {
    jpeg_destroy_compress(&info);
    std::free(buffer);
    throw Error("JPEG", errors.message);
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<uint8_t*>(image.rgb.data()) +
                static_cast<size_t>(info.next_scanline) * image.width * 3;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<uint8_t> bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

bool is_deep_grey(std::span<const uint8_t> bytes) {
  constexpr uint8_t kSignature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  constexpr size_t kDepth = 24, kColour = 25;  // in the header chunk, which is the first
  if (bytes.size() <= kColour ||
      !std::equal(std::begin(kSignature), std::end(kSignature), bytes.begin()))
    return false;
  const bool grey =
      bytes[kColour] == PNG_COLOR_TYPE_GRAY || bytes[kColour] == PNG_COLOR_TYPE_GRAY_ALPHA;
  return grey && bytes[kDepth] == 16;
}

Image decode_image(std::span<const uint8_t> bytes, const std::string& name) {
  constexpr uint8_t kPng[] = {0x89, 'P', 'N', 'G'};
  if (bytes.size() > 8 && std::equal(std::begin(kPng), std::end(kPng), bytes.begin())) {
    return decode_png(bytes, name);
  }
  if (bytes.size() > 8 && bytes[0] == 0xFF && bytes[1] == 0xD8) {
    Image image;
    std::string why;
    if (!decode_jpeg_into(bytes, image, why)) throw_broken(name, why);
    return image;
  }
  throw_broken(name, "it begins like neither");
}

void write_image(const std::filesystem::path& file, const Image& image) {
  const std::string extension = lower_extension(file);
  std::vector<uint8_t> bytes;
  if (extension == ".png") {
    bytes = encode_png(image);
  } else if (extension == ".jpg" || extension == ".jpeg") {
    bytes = encode_jpeg(image);
  } else {
    throw Error(file.string(), "an image is written as .png, .jpg or .jpeg", "rename it");
  }
  write_atomically(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Image read_image(const std::filesystem::path& file) {
  return decode_image(read_bytes(file), file.string());
}

Image resize(const Image& image, int width, int height) {
  require_pixels(image);
  if (width <= 0 || height <= 0) {
    throw Error("image", fmt::format("cannot be resized to {}x{} pixels", width, height));
  }
  if (width == image.width && height == image.height) return image;
  const Axis columns = axis_of(image.width, width), rows = axis_of(image.height, height);
  std::vector<float> wide(static_cast<size_t>(image.height) * width * 3);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < width; ++x) {
      const uint8_t* from =
          image.rgb.data() + (static_cast<size_t>(y) * image.width + columns.first[x]) * 3;
      float* to = wide.data() + (static_cast<size_t>(y) * width + x) * 3;
      for (float weight : columns.weights[x]) {
        for (int c = 0; c < 3; ++c) to[c] += weight * static_cast<float>(from[c]);
        from += 3;
      }
    }
  }
  Image result = Image::black(width, height);
  const size_t stride = static_cast<size_t>(width) * 3;
  std::vector<float> line(stride);
  for (int y = 0; y < height; ++y) {
    std::fill(line.begin(), line.end(), 0.5f);  // rounds
    for (size_t tap = 0; tap < rows.weights[y].size(); ++tap) {
      const float* from = wide.data() + (rows.first[y] + tap) * stride;
      for (size_t i = 0; i < stride; ++i) line[i] += rows.weights[y][tap] * from[i];
    }
    for (size_t i = 0; i < stride; ++i) {
      result.rgb[y * stride + i] = static_cast<uint8_t>(std::clamp(line[i], 0.f, 255.f));
    }
  }
  return result;
}

}  // namespace gyre::io
