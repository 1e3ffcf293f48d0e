#include "gyre/flywheel/compare/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"

namespace gyre::flywheel {
namespace {

void require_table(const std::vector<std::vector<float>>& values, int resamples) {
  if (resamples < 100) throw Error("resamples", "must be 100 or more");
  if (values.empty() || values.front().empty()) {
    throw Error("bootstrap", "has nothing to resample");
  }
  const auto unequal = [&](const std::vector<float>& row) {
    return row.size() != values.front().size();
  };
  if (std::ranges::any_of(values, unequal)) {
    throw Error("bootstrap", "seeds have unequal numbers of pairs");
  }
}

std::vector<size_t> drawn_with_replacement(size_t count, Rng& rng) {
  std::vector<size_t> drawn(count);
  for (size_t& place : drawn) {
    place = static_cast<size_t>(rng.below(static_cast<int64_t>(count)));
  }
  return drawn;
}

double mean_of(const std::vector<std::vector<float>>& values, const std::vector<size_t>& seeds,
               const std::vector<size_t>& pairs) {
  double sum = 0;
  for (const size_t seed : seeds) {
    for (const size_t pair : pairs) sum += values[seed][pair];
  }
  return sum / static_cast<double>(seeds.size() * pairs.size());
}

}  // namespace

Resampled bootstrap(const std::vector<std::vector<float>>& values, int resamples, uint64_t seed) {
  require_table(values, resamples);
  Resampled result;
  for (const std::vector<float>& row : values) {
    for (const float value : row) result.mean += value;
  }
  result.mean /= static_cast<double>(values.size() * values.front().size());

  Rng rng = Rng::stream(seed, "bootstrap");
  std::vector<double> means;
  int64_t at_most_0 = 0, at_least_0 = 0;
  for (int i = 0; i < resamples; ++i) {
    const auto seeds = drawn_with_replacement(values.size(), rng);
    const auto pairs = drawn_with_replacement(values.front().size(), rng);
    means.push_back(mean_of(values, seeds, pairs));
    at_most_0 += means.back() <= 0 ? 1 : 0;
    at_least_0 += means.back() >= 0 ? 1 : 0;
  }
  std::ranges::sort(means);
  const auto below = static_cast<size_t>(std::floor(0.025 * resamples));
  result.low = means[below];
  result.high = means[means.size() - 1 - below];
  const auto other_side = static_cast<double>(std::min(at_most_0, at_least_0) + 1);
  result.p = std::min(1.0, 2 * other_side / (resamples + 1));
  return result;
}

}  // namespace gyre::flywheel
