#include "gyre/flywheel/statistics.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution

// Where the score passes `target` between `low` and `high`.
double bisect(int64_t gained, int64_t lost, int64_t pairs, double target, double low, double high) {
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (tango_score(gained, lost, pairs, middle) > target ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Rate wilson(int64_t successes, int64_t episodes) {
  if (successes < 0 || successes > episodes) {
    throw Error("success rate", std::to_string(successes) + " successes of " +
                                    std::to_string(episodes) + " episodes is impossible");
  }
  Rate result{.episodes = episodes, .successes = successes};
  if (episodes == 0) return result;
  const auto n = static_cast<double>(episodes);
  const double p = static_cast<double>(successes) / n;
  const double z2 = kZ * kZ;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  result.rate = p;
  result.low = successes == 0 ? 0 : std::max(0.0, centre - half);
  result.high = successes == episodes ? 1 : std::min(1.0, centre + half);
  return result;
}

double tango_variance(int64_t gained, int64_t lost, int64_t pairs, double delta) {
  const auto g = static_cast<double>(gained), l = static_cast<double>(lost),
             n = static_cast<double>(pairs);
  // The likeliest rate of the losing pairs under the hypothesis: the root of a q^2 + b q + c.
  const double a = 2 * n;
  const double b = -g - l + (2 * n - g + l) * delta;
  const double c = -l * delta * (1 - delta);
  const double q = (std::sqrt(std::max(0.0, b * b - 4 * a * c)) - b) / (2 * a);
  return std::max(0.0, 2 * q + delta * (1 - delta));
}

double tango_score(int64_t gained, int64_t lost, int64_t pairs, double delta) {
  const auto n = static_cast<double>(pairs);
  const double excess = static_cast<double>(gained - lost) - n * delta;
  const double variance = n * tango_variance(gained, lost, pairs, delta);
  if (variance <= 0) return excess == 0 ? 0 : std::copysign(HUGE_VAL, excess);
  return excess / std::sqrt(variance);
}

Difference paired_difference(int64_t gained, int64_t lost, int64_t pairs) {
  if (gained < 0 || lost < 0 || gained + lost > pairs) {
    throw Error("paired difference", std::to_string(gained) + " gained and " +
                                         std::to_string(lost) + " lost of " +
                                         std::to_string(pairs) + " pairs is impossible");
  }
  Difference result{.pairs = pairs, .gained = gained, .lost = lost};
  if (pairs == 0) return result;
  result.difference = static_cast<double>(gained - lost) / static_cast<double>(pairs);
  result.low = bisect(gained, lost, pairs, kZ, -1, result.difference);
  result.high = bisect(gained, lost, pairs, -kZ, result.difference, 1);
  return result;
}

Difference paired_difference(const std::vector<bool>& before, const std::vector<bool>& after) {
  if (before.size() != after.size()) {
    throw Error("paired difference",
                std::to_string(before.size()) + " outcomes before and " +
                    std::to_string(after.size()) + " after are no pairs",
                "evaluate both policies with the same seeds");
  }
  int64_t gained = 0;
  int64_t lost = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    gained += !before[i] && after[i];
    lost += before[i] && !after[i];
  }
  return paired_difference(gained, lost, static_cast<int64_t>(before.size()));
}

void to_json(nlohmann::json& json, const Rate& rate) {
  json = {{"episodes", rate.episodes},
          {"successes", rate.successes},
          {"rate", rate.rate},
          {"low", rate.low},
          {"high", rate.high}};
}

void from_json(const nlohmann::json& json, Rate& rate) {
  rate = wilson(json.at("successes"), json.at("episodes"));
}

void to_json(nlohmann::json& json, const Difference& difference) {
  json = {{"difference", difference.difference},
          {"low", difference.low},
          {"high", difference.high},
          {"pairs", difference.pairs},
          {"gained", difference.gained},
          {"lost", difference.lost}};
}

void from_json(const nlohmann::json& json, Difference& difference) {
  difference = paired_difference(json.at("gained"), json.at("lost"), json.at("pairs"));
}

}  // namespace gyre::flywheel
