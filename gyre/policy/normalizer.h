#pragma once

#include <span>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/policy/dialect.h"

namespace gyre {

enum class NormKind { kMeanStd, kQuantile, kQuantile10, kMinMax, kIdentity };

// Maps a feature to about [-1, 1] and back; out of place, any length that is a multiple of the
// statistics' width.
//
//               LeRobot                                   openpi
//   mean/std    (x - mean) / (std + 1e-8),                (x - mean) / (std + 1e-6),
//               back y std + mean                         back its inverse
//   ranges      2 (x - low) / (high - low) - 1,           2 (x - low) / (high - low + 1e-6) - 1,
//               a width of 1e-8 where they are equal      back its inverse
//
// Ranges are q01 .. q99, q10 .. q90, min .. max.
class Normalizer {
 public:
  Normalizer() = default;
  // Throws Error when a statistic is missing, non-finite or of another width than `dim`. openpi's
  // may be longer (the rest is not used) or shorter (the rest passes unchanged).
  Normalizer(NormKind kind, const Stats& stats, size_t dim, Dialect dialect = Dialect::kLeRobot);

  void normalize(std::span<const float> raw, std::span<float> normal) const;
  void unnormalize(std::span<const float> normal, std::span<float> raw) const;
  size_t dim() const { return entries_.size(); }

 private:
  struct Entry {
    double offset = 0, divisor = 1, factor = 1;  // (raw - offset) / divisor; normal factor + offset
  };
  std::vector<Entry> entries_;
};

}  // namespace gyre
