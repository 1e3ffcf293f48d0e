#pragma once

#include <cstdint>

namespace gyre {

// Evidence, outcome by outcome, that a new policy is worse than the old one by more than a margin.
// An e-process against "the new success rate is at least the old one minus `margin`": each outcome
// is predicted from those before it, and the product of predictions is divided by the likelihood of
// the best pair of rates that the hypothesis allows (universal inference; Wasserman, Ramdas and
// Balakrishnan 2020, PNAS 117). While the hypothesis is true, the evidence ever reaches E with a
// probability of at most 1 / E, whatever the order of outcomes and the moment of looking.
class Degradation {
 public:
  explicit Degradation(double margin = 0.1) : margin_(margin) {}

  void add(bool new_policy, bool success);
  double evidence() const;
  int64_t outcomes(bool new_policy) const { return arm(new_policy).total; }
  int64_t successes(bool new_policy) const { return arm(new_policy).successes; }

  static constexpr double kRollBack = 20;  // evidence at which the old policy comes back

 private:
  struct Arm {
    int64_t total = 0, successes = 0;
  };
  const Arm& arm(bool new_policy) const { return new_policy ? new_ : old_; }

  double margin_;
  double log_predicted_ = 0;
  Arm new_, old_;
};

}  // namespace gyre
