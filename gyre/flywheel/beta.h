#pragma once

namespace gyre::flywheel {

// Logarithm of the beta function; a, b > 0.
double log_beta(double a, double b);

// Distribution function of Beta(a, b) at x in 0..1: the regularised incomplete beta function, by
// its continued fraction (Press et al., Numerical Recipes, 6.4).
double beta_cdf(double x, double a, double b);

}  // namespace gyre::flywheel
