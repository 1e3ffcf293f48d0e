#include "gyre/core/degradation.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gyre {
namespace {

// Log likelihood of outcomes at a rate.
double log_likelihood(int64_t successes, int64_t total, double rate) {
  const int64_t failures = total - successes;
  if ((successes > 0 && rate <= 0) || (failures > 0 && rate >= 1)) {
    return -std::numeric_limits<double>::infinity();
  }
  double sum = 0;
  if (successes > 0) sum += static_cast<double>(successes) * std::log(rate);
  if (failures > 0) sum += static_cast<double>(failures) * std::log1p(-rate);
  return sum;
}

double rate_of(int64_t successes, int64_t total) {
  return total == 0 ? 0.5 : static_cast<double>(successes) / static_cast<double>(total);
}

}  // namespace

void Degradation::add(bool new_policy, bool success) {
  Arm& arm = new_policy ? new_ : old_;
  // Krichevsky and Trofimov's prediction: half a success and half a failure were seen before.
  const double success_probability =
      (static_cast<double>(arm.successes) + 0.5) / (static_cast<double>(arm.total) + 1);
  log_predicted_ += std::log(success ? success_probability : 1 - success_probability);
  ++arm.total;
  arm.successes += success ? 1 : 0;
}

double Degradation::evidence() const {
  const auto together = [&](double old_rate) {
    return log_likelihood(old_.successes, old_.total, old_rate) +
           log_likelihood(new_.successes, new_.total, old_rate - margin_);
  };
  const double new_rate = rate_of(new_.successes, new_.total);
  const double old_rate = rate_of(old_.successes, old_.total);
  double allowed;
  if (new_.total == 0 || old_.total == 0 || new_rate >= old_rate - margin_) {
    allowed = log_likelihood(old_.successes, old_.total, old_rate) +
              log_likelihood(new_.successes, new_.total, new_rate);
  } else {
    // On the hypothesis' border, where the likelihood is concave in the old rate.
    double low = margin_, high = 1;
    constexpr double kGolden = 0.6180339887498949;
    for (int i = 0; i < 100; ++i) {
      const double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
      (together(left) < together(right) ? low : high) =
          together(left) < together(right) ? left : right;
    }
    allowed = together((low + high) / 2);
  }
  return std::exp(log_predicted_ - allowed);
}

}  // namespace gyre
