#pragma once

#include <span>
#include <string>
#include <vector>

#include "gyre/core/stats.h"

namespace gyre {

enum class NormKind { kMeanStd, kQuantile, kIdentity };

// Maps a feature to about [-1, 1] and back; out of place, any length that is a multiple of the
// statistics' width. Quantiles as LeRobot: 2 (x - q01) / (q99 - q01) - 1, with a width of 1e-8 where
// q99 == q01.
class Normalizer {
 public:
  Normalizer() = default;
  // Throws Error when a statistic is missing, non-finite or of another width than `dim`.
  Normalizer(NormKind kind, const Stats& stats, size_t dim);

  void normalize(std::span<const float> raw, std::span<float> normal) const;
  void unnormalize(std::span<const float> normal, std::span<float> raw) const;
  size_t dim() const { return scale_.size(); }

 private:
  std::vector<double> offset_, scale_;  // normal = (raw - offset) / scale
};

}  // namespace gyre
