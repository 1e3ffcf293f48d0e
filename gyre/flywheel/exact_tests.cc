#include "gyre/flywheel/exact_tests.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

double log_choose(int64_t n, int64_t k) {
  const auto gamma = [](int64_t x) { return std::lgamma(static_cast<double>(x) + 1); };
  return gamma(n) - gamma(k) - gamma(n - k);
}

// log(probability) times count, where 0 times anything is 0.
double log_power(double probability, int64_t count) {
  return count == 0 ? 0 : static_cast<double>(count) * std::log(probability);
}

// Probabilities of 0 .. n successes.
std::vector<double> binomial(int64_t n, double rate) {
  std::vector<double> mass;
  mass.reserve(static_cast<size_t>(n) + 1);
  for (int64_t k = 0; k <= n; ++k) {
    mass.push_back(std::exp(log_choose(n, k) + log_power(rate, k) + log_power(1 - rate, n - k)));
  }
  return mass;
}

double binomial_at_most(int64_t k, int64_t n, double rate) {
  double sum = 0;
  for (int64_t i = 0; i <= k; ++i) {
    sum += std::exp(log_choose(n, i) + log_power(rate, i) + log_power(1 - rate, n - i));
  }
  return std::min(sum, 1.0);
}

using FisherTable = std::vector<std::vector<double>>;
constexpr double kRounding = 1e-7;  // tables whose statistic is the observed one but for rounding

// Fisher's one-sided p-values [first + 1][second + 1]: of as few successes in the first group,
// given the sum of both.
FisherTable fisher_less(int64_t first, int64_t second) {
  FisherTable p(static_cast<size_t>(first) + 1,
                std::vector<double>(static_cast<size_t>(second) + 1));
  for (int64_t sum = 0; sum <= first + second; ++sum) {
    double tail = 0;
    for (int64_t x = std::max<int64_t>(0, sum - second); x <= std::min(first, sum); ++x) {
      tail += std::exp(log_choose(first, x) + log_choose(second, sum - x) -
                       log_choose(first + second, sum));
      p[static_cast<size_t>(x)][static_cast<size_t>(sum - x)] = tail;
    }
  }
  return p;
}

// Probability of a statistic of at most `observed` at the least favourable common rate.
double largest_error(const FisherTable& fisher, double observed) {
  const auto first_attempts = std::ssize(fisher) - 1;
  const auto second_attempts = std::ssize(fisher.front()) - 1;
  const auto error_at = [&](double rate) {
    const std::vector<double> first = binomial(first_attempts, rate);
    const std::vector<double> second = binomial(second_attempts, rate);
    double sum = 0;
    for (size_t x = 0; x < first.size(); ++x) {
      for (size_t y = 0; y < second.size(); ++y) {
        if (fisher[x][y] <= observed * (1 + kRounding)) sum += first[x] * second[y];
      }
    }
    return std::min(sum, 1.0);
  };
  // The best rate of a grid, then finer and finer about it.
  double best = 0.5, step = 0.005;
  for (double rate = 0; rate <= 1; rate += step) {
    if (error_at(rate) > error_at(best)) best = rate;
  }
  for (; step > 1e-7; step /= 4) {
    for (int side = -4; side <= 4; ++side) {
      const double rate = std::clamp(best + side * step / 4, 0.0, 1.0);
      if (error_at(rate) > error_at(best)) best = rate;
    }
  }
  return error_at(best);
}

void require_counts(const char* what, int64_t successes, int64_t attempts) {
  if (attempts < 1 || successes < 0 || successes > attempts) {
    throw Error(what, std::to_string(successes) + " of " + std::to_string(attempts) +
                          " attempts is impossible");
  }
}

}  // namespace

double rate_ratio_upper(int64_t new_events, int64_t new_attempts, int64_t old_events,
                        int64_t old_attempts, double alpha) {
  if (new_events < 0 || old_events < 0 || new_attempts < 1 || old_attempts < 1) {
    throw Error("ratio of rates", "a negative number of events, or no attempts");
  }
  if (old_events == 0) return std::numeric_limits<double>::infinity();
  // Clopper-Pearson's upper bound of the share of the new ones among all events.
  double low = 0, high = 1;
  for (int i = 0; i < 100; ++i) {
    const double share = (low + high) / 2;
    (binomial_at_most(new_events, new_events + old_events, share) > alpha ? low : high) = share;
  }
  return low / (1 - low) * static_cast<double>(old_attempts) / static_cast<double>(new_attempts);
}

double boschloo_less(int64_t first_successes, int64_t first_attempts, int64_t second_successes,
                     int64_t second_attempts) {
  require_counts("Boschloo's test", first_successes, first_attempts);
  require_counts("Boschloo's test", second_successes, second_attempts);
  const FisherTable fisher = fisher_less(first_attempts, second_attempts);
  return largest_error(
      fisher, fisher[static_cast<size_t>(first_successes)][static_cast<size_t>(second_successes)]);
}

BoschlooRegion::BoschlooRegion(int64_t attempts, double alpha)
    : attempts_(attempts), alpha_(alpha) {
  require_counts("Boschloo's test", 0, attempts);
  const FisherTable fisher = fisher_less(attempts, attempts);
  std::vector<double> statistics;
  for (const std::vector<double>& row : fisher) {
    statistics.insert(statistics.end(), row.begin(), row.end());
  }
  std::ranges::sort(statistics);
  // The error rises with the statistic: the largest one whose error is small enough.
  const auto first_too_large = std::ranges::partition_point(
      statistics, [&](double statistic) { return largest_error(fisher, statistic) <= alpha; });
  const double limit =
      first_too_large == statistics.begin() ? -1 : *std::prev(first_too_large) * (1 + kRounding);
  for (const std::vector<double>& row : fisher) {
    std::vector<bool>& holds = holds_.emplace_back();
    for (const double statistic : row) holds.push_back(statistic <= limit);
  }
}

bool BoschlooRegion::holds(int64_t first_successes, int64_t second_successes) const {
  return holds_.at(static_cast<size_t>(first_successes)).at(static_cast<size_t>(second_successes));
}

double BoschlooRegion::power(double first_rate, double second_rate) const {
  const std::vector<double> first = binomial(attempts_, first_rate);
  const std::vector<double> second = binomial(attempts_, second_rate);
  double sum = 0;
  for (size_t x = 0; x < first.size(); ++x) {
    for (size_t y = 0; y < second.size(); ++y) {
      if (holds_[x][y]) sum += first[x] * second[y];
    }
  }
  return std::min(sum, 1.0);
}

}  // namespace gyre::flywheel
