#include "gyre/train/augment.h"

#include <algorithm>

namespace gyre::train {

Augmentation Augmentation::draw(const AugmentConfig& config, Rng& rng) {
  const auto around = [&](double centre, double spread) {
    return static_cast<float>(rng.uniform(centre - spread, centre + spread));
  };
  Augmentation change;
  change.shift_x = static_cast<int>(rng.below(2 * config.shift + 1)) - config.shift;
  change.shift_y = static_cast<int>(rng.below(2 * config.shift + 1)) - config.shift;
  change.brightness = around(0, 2 * config.brightness);
  change.contrast = around(1, config.contrast);
  change.saturation = around(1, config.saturation);
  return change;
}

void augmented_planes(std::span<const uint8_t> rgb, const Augmentation& change, int side,
                      std::span<float> planes) {
  const size_t plane = static_cast<size_t>(side) * side;
  const float s = change.saturation, c = change.contrast, b = change.brightness;
  for (int y = 0; y < side; ++y) {
    const int from_y = std::clamp(y - change.shift_y, 0, side - 1);
    for (int x = 0; x < side; ++x) {
      const int from_x = std::clamp(x - change.shift_x, 0, side - 1);
      const uint8_t* pixel = &rgb[3 * (static_cast<size_t>(from_y) * side + from_x)];
      const float red = pixel[0] / 127.5f - 1, green = pixel[1] / 127.5f - 1,
                  blue = pixel[2] / 127.5f - 1;
      const float grey = 0.299f * red + 0.587f * green + 0.114f * blue;
      const size_t at = static_cast<size_t>(y) * side + x;
      planes[at] = std::clamp(c * (grey + s * (red - grey)) + b, -1.f, 1.f);
      planes[plane + at] = std::clamp(c * (grey + s * (green - grey)) + b, -1.f, 1.f);
      planes[2 * plane + at] = std::clamp(c * (grey + s * (blue - grey)) + b, -1.f, 1.f);
    }
  }
}

}  // namespace gyre::train
