#pragma once

#include <span>
#include <vector>

#include "gyre/flywheel/scope_cell.h"

namespace gyre::flywheel {

// Evidence on one cell. Counts may be fractions: discounted attempts of earlier policies.
struct CellCounts {
  ScopeCell cell;
  double successes = 0;
  double attempts = 0;
};

// The success rate of one cell, 0..1: posterior mean, and one-sided 95 % bounds.
struct CellEstimate {
  double mean = 0.5, low = 0, high = 1;
};

// Success rates of cells that share verb, colour, shape, place, robot or speed, so that one with
// few attempts borrows from its neighbours and one with many stands for itself:
//   logit(mu_c) = intercept + one effect for each property of the cell,  effects ~ N(0, tau^2)
//   p_c ~ Beta(k mu_c, k (1 - mu_c)),   successes_c ~ Binomial(attempts_c, p_c)
// The effects' posterior is normal by Laplace's approximation, with each cell's counts weighted by
// (k + 1) / (k + attempts), which is what they say of mu where cells differ by k. A cell's own
// counts are taken out of the mean that it is shrunk to (as in expectation propagation, Minka
// 2001), so that nothing counts twice. tau and k are averaged over, on a grid, by the
// probability of each cell's counts given all others. Deterministic. Throws Error unless
// 0 <= successes <= attempts.
std::vector<CellEstimate> estimate_cells(std::span<const CellCounts> cells);

}  // namespace gyre::flywheel
