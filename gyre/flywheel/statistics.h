#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace gyre::flywheel {

// Successes among independent attempts with the 95 % interval of the true rate, all in 0..1.
struct Rate {
  int64_t episodes = 0;
  int64_t successes = 0;
  double rate = 0;  // 0 when there are no episodes
  double low = 0;
  double high = 1;
  bool operator==(const Rate&) const = default;
};

// Wilson's score interval (Wilson 1927, Journal of the American Statistical Association 22).
// Throws Error unless 0 <= successes <= episodes.
Rate wilson(int64_t successes, int64_t episodes);

// Rate after minus rate before over the same seeds, with its 95 % interval, in -1..1.
struct Difference {
  double difference = 0;
  double low = -1;
  double high = 1;
  int64_t pairs = 0;
  int64_t gained = 0;  // failed before, succeeded after
  int64_t lost = 0;    // succeeded before, failed after
  bool operator==(const Difference&) const = default;
};

// Tango's score of the hypothesis "the true difference of paired proportions is `delta`"
// (Statistics in Medicine 17, 1998, equation 8): standard normal where it is true, and decreasing
// in delta.
double tango_score(int64_t gained, int64_t lost, int64_t pairs, double delta);
// The variance that it supposes for one pair's outcome (+1, 0 or -1).
double tango_variance(int64_t gained, int64_t lost, int64_t pairs, double delta);

// Score interval of the difference of paired proportions (Tango 1998, Statistics in Medicine 17,
// 891-908). It never collapses: n pairs without a change give +-z^2 / (n + z^2).
// Pairs of several tasks may be pooled: the variance of a sum over strata is at most the one that
// this interval supposes, because it treats differences between strata as noise.
// Throws Error unless pairs >= gained + lost and none is negative.
Difference paired_difference(int64_t gained, int64_t lost, int64_t pairs);

// The same from outcomes: entry i of both is one seed. Throws Error for unequal lengths.
Difference paired_difference(const std::vector<bool>& before, const std::vector<bool>& after);

// {episodes, successes, rate, low, high}
void to_json(nlohmann::json& json, const Rate& rate);
void from_json(const nlohmann::json& json, Rate& rate);
// {difference, low, high, pairs, gained, lost}
void to_json(nlohmann::json& json, const Difference& difference);
void from_json(const nlohmann::json& json, Difference& difference);

}  // namespace gyre::flywheel
