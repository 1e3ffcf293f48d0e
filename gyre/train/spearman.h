#pragma once

#include <span>

namespace gyre::train {

// Spearman's rank correlation, -1 to 1; equal values share the mean of their ranks. 0 where one
// side is constant or there are fewer than two values. Throws Error for unequal lengths and for
// values that are not finite.
double spearman(std::span<const float> first, std::span<const float> second);

}  // namespace gyre::train
