#include "gyre/flywheel/sequential.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {
namespace {

constexpr double kFarBelow = -8;  // no path of the statistic is that low
constexpr size_t kGridPoints = 601;

double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

double normal_tail(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }

// Density of the score S = Z sqrt(t) on [low, high] among paths that have crossed no boundary yet,
// with Simpson's weights.
struct ScoreDensity {
  std::vector<double> at, weighted;  // weighted: density times the rule's weight
};

std::pair<std::vector<double>, std::vector<double>> simpson(double low, double high) {
  std::vector<double> at(kGridPoints), weight(kGridPoints);
  const double step = (high - low) / static_cast<double>(kGridPoints - 1);
  for (size_t i = 0; i < kGridPoints; ++i) {
    at[i] = low + static_cast<double>(i) * step;
    const bool end = i == 0 || i + 1 == kGridPoints;
    weight[i] = step / 3 * (end ? 1 : i % 2 == 1 ? 4 : 2);
  }
  return {std::move(at), std::move(weight)};
}

// Probability of being at or above `score` after a further `time`.
double crossing(const ScoreDensity& before, double score, double time) {
  double sum = 0;
  for (size_t i = 0; i < before.at.size(); ++i) {
    sum += before.weighted[i] * normal_tail((score - before.at[i]) / std::sqrt(time));
  }
  return sum;
}

ScoreDensity go_on(const ScoreDensity& before, double high, double time, double total_time) {
  auto [at, weight] = simpson(kFarBelow * std::sqrt(total_time), high);
  ScoreDensity after{.at = std::move(at), .weighted = std::move(weight)};
  const double deviation = std::sqrt(time);
  for (size_t i = 0; i < after.at.size(); ++i) {
    double density = 0;
    for (size_t j = 0; j < before.at.size(); ++j) {
      density += before.weighted[j] * normal_density((after.at[i] - before.at[j]) / deviation);
    }
    after.weighted[i] *= density / deviation;
  }
  return after;
}

void require_fractions(std::span<const double> fractions) {
  bool rising = !fractions.empty() && fractions.front() > 0 && fractions.back() == 1;
  for (size_t i = 1; i < fractions.size(); ++i) rising &= fractions[i] > fractions[i - 1];
  if (!rising) throw Error("looks", "do not rise from above 0 to 1", "end with 1: all pairs");
  if (fractions.size() > kMostLooks) {
    throw Error("looks", "are more than " + std::to_string(kMostLooks), "plan fewer");
  }
}

}  // namespace

double normal_cdf(double z) { return normal_tail(-z); }

double normal_quantile(double probability) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (normal_cdf(middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

double spent_error(double fraction, double alpha) {
  if (fraction <= 0) return 0;
  return 2 * normal_tail(normal_quantile(1 - alpha / 2) / std::sqrt(std::min(fraction, 1.0)));
}

std::vector<double> look_boundaries(std::span<const double> fractions, double alpha) {
  require_fractions(fractions);
  std::vector<double> boundaries;
  ScoreDensity density{.at = {0}, .weighted = {1}};  // a point before the first look
  double time = 0;
  for (const double fraction : fractions) {
    const double allowed = spent_error(fraction, alpha) - spent_error(time, alpha);
    double low = 0, high = 40;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      const double reached = crossing(density, middle * std::sqrt(fraction), fraction - time);
      (reached > allowed ? low : high) = middle;
    }
    boundaries.push_back((low + high) / 2);
    if (fraction < 1) {
      density = go_on(density, boundaries.back() * std::sqrt(fraction), fraction - time, fraction);
    }
    time = fraction;
  }
  return boundaries;
}

LookPlan plan_looks(int64_t most_pairs, std::span<const double> fractions) {
  require_fractions(fractions);
  LookPlan plan;
  std::vector<double> rounded;
  const auto most = static_cast<double>(most_pairs);
  for (const double fraction : fractions) {
    const auto pairs = static_cast<int64_t>(std::ceil(fraction * most - 1e-9));
    if (!plan.pairs.empty() && plan.pairs.back() == pairs) continue;
    plan.pairs.push_back(pairs);
    rounded.push_back(static_cast<double>(pairs) / most);
  }
  plan.boundaries = look_boundaries(rounded);
  return plan;
}

double PairedTest::boundary() const {
  return plan_.boundaries[static_cast<size_t>(std::max(looks_ - 1, 0))];
}

PairedTest::State PairedTest::look(const PairCounts& counts) {
  if (state_ != State::kOpen) return state_;
  if (counts.pairs != plan_.pairs[static_cast<size_t>(looks_)]) {
    throw Error("paired test", "look " + std::to_string(looks_ + 1) + " was planned with " +
                                   std::to_string(plan_.pairs[static_cast<size_t>(looks_)]) +
                                   " pairs and has " + std::to_string(counts.pairs));
  }
  ++looks_;
  statistic_ = tango_score(counts.gained, counts.lost, counts.pairs, -margin_);
  if (statistic_ >= boundary()) return state_ = State::kHolds;
  const bool last = looks_ == std::ssize(plan_.pairs);
  if (last || futile(counts)) state_ = State::kFails;
  return state_;
}

bool PairedTest::futile(const PairCounts& counts) const {
  if (tango_score(counts.gained, counts.lost, counts.pairs, hoped_) < -kRefuted) return true;
  // The final sum of outcomes, if the hoped difference is true from here on.
  const auto now = static_cast<double>(counts.pairs),
             most = static_cast<double>(plan_.pairs.back());
  const double mean =
      static_cast<double>(counts.gained - counts.lost) + (most - now) * hoped_ + most * margin_;
  const double needed =
      plan_.boundaries.back() *
      std::sqrt(most * tango_variance(counts.gained, counts.lost, counts.pairs, -margin_));
  const double deviation =
      std::sqrt((most - now) * tango_variance(counts.gained, counts.lost, counts.pairs, hoped_));
  if (deviation <= 0) return mean < needed;
  return normal_cdf((mean - needed) / deviation) < kFutile;
}

int64_t fewest_pairs(double margin, double final_boundary) {
  int64_t pairs = 1;
  while (tango_score(margin > 0 ? 0 : pairs, 0, pairs, -margin) < final_boundary) ++pairs;
  return pairs;
}

double visible_difference(int64_t pairs, double discordance, double final_boundary) {
  constexpr double kPower = 1.2815515655446004;  // 90 % quantile of the normal distribution
  return (final_boundary + kPower) * std::sqrt(discordance / static_cast<double>(pairs));
}

}  // namespace gyre::flywheel
