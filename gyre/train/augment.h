#pragma once

#include <cstdint>
#include <span>

#include "gyre/core/rng.h"
#include "gyre/train/config.h"

namespace gyre::train {

// One camera's change of one sample.
struct Augmentation {
  int shift_x = 0, shift_y = 0;  // pixels; the border is repeated
  float brightness = 0;          // added, on -1..1
  float contrast = 1;            // about mid-grey
  float saturation = 1;          // about the pixel's own grey

  static Augmentation draw(const AugmentConfig& config, Rng& rng);
};

// Pixels [side, side, 3] as planes in -1..1, [3, side, side].
void augmented_planes(std::span<const uint8_t> rgb, const Augmentation& change, int side,
                      std::span<float> planes);

}  // namespace gyre::train
