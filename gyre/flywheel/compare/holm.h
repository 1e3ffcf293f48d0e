#pragma once

#include <vector>

namespace gyre::flywheel {

// Levels adjusted for as many comparisons (Holm 1979, Scandinavian Journal of Statistics 6, 65-70):
// where those below a level are called differences, one or more is none of them with at most this
// chance. In the order of `levels`, each in 0..1. Throws Error for a level out of 0..1.
std::vector<double> holm(const std::vector<double>& levels);

}  // namespace gyre::flywheel
