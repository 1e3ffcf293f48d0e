#include "gyre/flywheel/beta.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gyre::flywheel {
namespace {

TEST(Beta, IsUniformForOneAndOne) {
  for (const double x : {0.0, 0.1, 0.5, 0.9, 1.0}) EXPECT_NEAR(beta_cdf(x, 1, 1), x, 1e-12);
}

// Beta(a, 1) has the distribution function x^a, Beta(1, b) 1 - (1 - x)^b.
TEST(Beta, AgreesWithClosedForms) {
  for (const double x : {0.001, 0.2, 0.7, 0.999}) {
    for (const double a : {0.05, 0.7, 3.0, 400.0}) {
      EXPECT_NEAR(beta_cdf(x, a, 1), std::pow(x, a), 1e-10) << x << " " << a;
      EXPECT_NEAR(beta_cdf(x, 1, a), 1 - std::pow(1 - x, a), 1e-10) << x << " " << a;
    }
  }
}

// Of n independent attempts with rate p, at least k succeed with probability I_p(k, n - k + 1).
TEST(Beta, AgreesWithTheBinomialSum) {
  const int n = 40, k = 36;
  const double p = 0.93;
  double tail = 0;
  for (int i = k; i <= n; ++i) {
    const double choose = std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1);
    tail += std::exp(choose + i * std::log(p) + (n - i) * std::log(1 - p));
  }
  EXPECT_NEAR(beta_cdf(p, k, n - k + 1), tail, 1e-10);
}

}  // namespace
}  // namespace gyre::flywheel
