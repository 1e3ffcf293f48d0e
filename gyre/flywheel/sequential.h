#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace gyre::flywheel {

inline constexpr int kMostLooks = 5;
inline constexpr double kOneSided = 0.025;  // error rate of each of the gate's tests

// Distribution function of the normal distribution, and its inverse (0 < probability < 1).
double normal_cdf(double z);
double normal_quantile(double probability);

// Error that may be spent up to this fraction of the information (0..1) by the spending function
// of O'Brien-Fleming type (Lan and DeMets 1983, Biometrika 70): 2 - 2 Phi(z_{alpha/2} / sqrt(t)).
double spent_error(double fraction, double alpha = kOneSided);

// Boundaries of a one-sided group-sequential test that has at most `alpha` error in all: at look k
// the hypothesis is rejected when the standardised statistic is at or above boundary k. Computed by
// recursive numerical integration (Armitage, McPherson and Rowe 1969); no futility stop is assumed,
// so futility stops may be used or left out. `fractions` rise to 1. Throws Error for other ones,
// and for more than kMostLooks.
std::vector<double> look_boundaries(std::span<const double> fractions, double alpha = kOneSided);

// A test's looks, planned before its first outcome is seen.
struct LookPlan {
  std::vector<int64_t> pairs;      // at each look, rising
  std::vector<double> boundaries;  // of the statistic
};

// Looks at these fractions of `most_pairs`, rounded up; looks that fall together are one. Throws
// Error as look_boundaries does.
LookPlan plan_looks(int64_t most_pairs, std::span<const double> fractions);

// Outcomes of paired attempts.
struct PairCounts {
  int64_t pairs = 0;
  int64_t gained = 0;  // failed before, succeeded after
  int64_t lost = 0;    // succeeded before, failed after
  bool operator==(const PairCounts&) const = default;
};

// Group-sequential test of "the true paired difference lies above -margin", by Tango's score.
class PairedTest {
 public:
  enum class State { kOpen, kHolds, kFails };

  // `hoped`: the difference at which the test shall seldom be given up early.
  PairedTest(LookPlan plan, double margin, double hoped)
      : plan_(std::move(plan)), margin_(margin), hoped_(hoped) {}

  // At the next look, with the pairs planned for it; throws Error for another number. Holds: the
  // statistic is at or above the boundary. Fails: it is not at the last look, or is so far off that
  // an early end costs next to no power: the hoped difference is refuted, or under it the test
  // would hold at last with a probability below kFutile.
  State look(const PairCounts& counts);

  State state() const { return state_; }
  int looks() const { return looks_; }             // so far
  double statistic() const { return statistic_; }  // at the last one
  double boundary() const;                         // at the last one; of the first before it
  const LookPlan& plan() const { return plan_; }

  static constexpr double kFutile = 0.003;
  static constexpr double kRefuted = 3.3;  // standard errors below the hoped difference

 private:
  bool futile(const PairCounts& counts) const;

  LookPlan plan_;
  double margin_, hoped_;
  int looks_ = 0;
  double statistic_ = 0;
  State state_ = State::kOpen;
};

// Fewest pairs by which such a test can hold at its last look: with every pair gained where the
// margin is 0, else with no outcome changed.
int64_t fewest_pairs(double margin, double final_boundary);

// Distance from the margin that a test with so many pairs sees with 90 % power, as a rate, where
// this share of pairs is discordant.
double visible_difference(int64_t pairs, double discordance, double final_boundary);

}  // namespace gyre::flywheel
