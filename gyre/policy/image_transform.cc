#include "gyre/policy/image_transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre {
namespace {

// Size and position of the resized picture inside the padded one.
struct Placement {
  int width, height, left, top;
};

Placement place(int image_width, int image_height, int width, int height) {
  if (image_width <= 0 || image_height <= 0 || width <= 0 || height <= 0) {
    throw Error("image", fmt::format("of {}x{} pixels cannot become {}x{}", image_width,
                                     image_height, width, height));
  }
  const double ratio = std::max(image_width / static_cast<double>(width),
                                image_height / static_cast<double>(height));
  const int fit_width = std::max(1, static_cast<int>(image_width / ratio));
  const int fit_height = std::max(1, static_cast<int>(image_height / ratio));
  return {fit_width, fit_height, (width - fit_width) / 2, (height - fit_height) / 2};
}

// Pillow's fixed-point weights of the triangle filter, for one output pixel.
struct Taps {
  int first = 0;
  std::vector<int> weights;
};
constexpr int kFixedBits = 22;

int half_up(double x) { return static_cast<int>(std::floor(x + 0.5)); }

std::vector<Taps> triangle_taps(int in, int out) {
  const double scale = static_cast<double>(in) / out;
  const double support = std::max(scale, 1.0);
  std::vector<Taps> taps(static_cast<size_t>(out));
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(0, half_up(centre - support));
    const int last = std::min(in, half_up(centre + support));
    std::vector<double> weights;
    weights.reserve(std::max(0, last - first));
    double sum = 0;
    for (int k = first; k < last; ++k) {
      weights.push_back(std::max(0.0, 1 - std::abs((k - centre + 0.5) / support)));
      sum += weights.back();
    }
    taps[i].first = first;
    taps[i].weights.reserve(weights.size());
    for (double weight : weights) {
      taps[i].weights.push_back(half_up(weight / sum * (1 << kFixedBits)));
    }
  }
  return taps;
}

// Resamples `lines` lines of `in` pixels; `step` and `stride` are bytes between the pixels of a
// line and between lines, as in the input so in the output.
void resample(const std::vector<Taps>& taps, int lines, size_t in_step, size_t in_stride,
              size_t out_step, size_t out_stride, const uint8_t* in, uint8_t* out) {
  for (int line = 0; line < lines; ++line) {
    for (size_t i = 0; i < taps.size(); ++i) {
      for (size_t channel = 0; channel < 3; ++channel) {
        int sum = 1 << (kFixedBits - 1);
        for (size_t k = 0; k < taps[i].weights.size(); ++k) {
          sum +=
              in[line * in_stride + (taps[i].first + k) * in_step + channel] * taps[i].weights[k];
        }
        out[line * out_stride + i * out_step + channel] =
            static_cast<uint8_t>(std::clamp(sum >> kFixedBits, 0, 255));
      }
    }
  }
}

// One axis of a picture between pixel centres: position i of `out` lies between two of `in`.
struct Between {
  int low, high;
  float part;  // of `high`
};

Between between(int i, int in, int out) {
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  const float at = std::max(0.0f, (static_cast<float>(i) + 0.5f) * scale - 0.5f);
  const int low = std::min(static_cast<int>(at), in - 1);
  return {low, std::min(low + 1, in - 1), at - static_cast<float>(low)};
}

}  // namespace

Image resize_with_pad(const Image& image, int width, int height) {
  const Placement fit = place(image.width, image.height, width, height);
  if (image.width == width && image.height == height) return image;
  Image narrow = Image::black(fit.width, image.height);
  resample(triangle_taps(image.width, fit.width), image.height, 3, 3UL * image.width, 3,
           3UL * fit.width, image.rgb.data(), narrow.rgb.data());
  Image padded = Image::black(width, height);
  resample(triangle_taps(image.height, fit.height), fit.width, 3UL * fit.width, 3, 3UL * width, 3,
           narrow.rgb.data(),
           padded.rgb.data() + 3 * (static_cast<size_t>(fit.top) * width + fit.left));
  return padded;
}

std::vector<float> resize_with_pad(std::span<const float> planes, int channels, int image_width,
                                   int image_height, int width, int height, Bands bands) {
  Placement fit = place(image_width, image_height, width, height);
  if (bands == Bands::kFirst) {
    fit.left = width - fit.width;
    fit.top = height - fit.height;
  }
  std::vector<float> padded(static_cast<size_t>(channels) * width * height);
  for (int channel = 0; channel < channels; ++channel) {
    const float* plane = planes.data() + static_cast<size_t>(channel) * image_width * image_height;
    for (int y = 0; y < fit.height; ++y) {
      const Between row = between(y, image_height, fit.height);
      const float* above = plane + static_cast<size_t>(row.low) * image_width;
      const float* below = plane + static_cast<size_t>(row.high) * image_width;
      float* out =
          padded.data() + (static_cast<size_t>(channel) * height + fit.top + y) * width + fit.left;
      for (int x = 0; x < fit.width; ++x) {
        const Between column = between(x, image_width, fit.width);
        const auto mix = [&](const float* line) {
          return (1 - column.part) * line[column.low] + column.part * line[column.high];
        };
        out[x] = std::clamp((1 - row.part) * mix(above) + row.part * mix(below), 0.0f, 1.0f);
      }
    }
  }
  return padded;
}

std::vector<uint8_t> to_bytes(std::span<const float> values) {
  std::vector<uint8_t> bytes(values.size());
  std::ranges::transform(values, bytes.begin(), [](float value) {
    return static_cast<uint8_t>(std::clamp(value * 255.0F, 0.0F, 255.0F));
  });
  return bytes;
}

std::vector<float> to_planes(const Image& image) {
  const size_t pixels = static_cast<size_t>(image.width) * image.height;
  std::vector<float> planes(3 * pixels);
  for (size_t i = 0; i < 3 * pixels; ++i) {
    planes[i % 3 * pixels + i / 3] = static_cast<float>(image.rgb[i]) / 255.0f * 2.0f - 1.0f;
  }
  return planes;
}

}  // namespace gyre
