#pragma once

#include <cstdint>
#include <vector>

namespace gyre::flywheel {

// A mean with its 95 % interval, and the smallest level at which such an interval, two-sided, is
// clear of 0.
struct Resampled {
  double mean = 0, low = 0, high = 0;
  double p = 1;
};

// Percentile bootstrap of the mean of `values` [seeds][pairs] in two stages (Davison and Hinkley
// 1997, Bootstrap Methods and their Application, section 3.8): training seeds are drawn with
// replacement, then pairs, which are the same for all of them, because all policies meet the same
// scenes. p counts the resampled means on the other side of 0, one added to both counts. The same
// seed gives the same bits. Throws Error for no values, rows of unequal length and fewer than 100
// resamples.
Resampled bootstrap(const std::vector<std::vector<float>>& values, int resamples, uint64_t seed);

}  // namespace gyre::flywheel
