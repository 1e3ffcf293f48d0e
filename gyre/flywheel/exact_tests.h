#pragma once

#include <cstdint>
#include <vector>

namespace gyre::flywheel {

// Upper bound (one-sided, error `alpha`) of the ratio of two rates of events: `new_events` in
// `new_attempts` over `old_events` in `old_attempts`. Exact, conditional on the sum of events, of
// which the new ones are binomial (Przyborowski and Wilenski 1940; Clopper and Pearson 1934).
// Infinite where the old ones are none. Throws Error for a negative count or no attempts.
double rate_ratio_upper(int64_t new_events, int64_t new_attempts, int64_t old_events,
                        int64_t old_attempts, double alpha = 0.025);

// One-sided p-value of "the first success rate is below the second", exact and unconditional
// (Boschloo 1970): Fisher's p-value is the statistic, and the common rate is the least favourable
// one. Throws Error unless 0 <= successes <= attempts, and for no attempts.
double boschloo_less(int64_t first_successes, int64_t first_attempts, int64_t second_successes,
                     int64_t second_attempts);

// The outcomes of two groups of equal size in which boschloo_less() is at most `alpha`, known
// before the first attempt.
class BoschlooRegion {
 public:
  // Throws Error for no attempts.
  BoschlooRegion(int64_t attempts, double alpha);  // of each group

  int64_t attempts() const { return attempts_; }
  double alpha() const { return alpha_; }
  bool holds(int64_t first_successes, int64_t second_successes) const;
  // Probability of such an outcome where the groups succeed at these rates.
  double power(double first_rate, double second_rate) const;

 private:
  int64_t attempts_;
  double alpha_;
  std::vector<std::vector<bool>> holds_;  // [first + 1][second + 1]
};

}  // namespace gyre::flywheel
