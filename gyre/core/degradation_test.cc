#include "gyre/core/degradation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/core/rng.h"

namespace gyre {
namespace {

// Number of outcomes of the new policy after which the evidence reaches kRollBack; 0: never, within
// `sessions`. A quarter of the sessions is the new policy's.
int64_t rolled_back_after(double old_rate, double new_rate, int sessions, uint64_t seed) {
  Degradation degradation;
  Rng rng(seed);
  for (int i = 0; i < sessions; ++i) {
    const bool new_policy = rng.chance(0.25);
    degradation.add(new_policy, rng.chance(new_policy ? new_rate : old_rate));
    if (degradation.evidence() >= Degradation::kRollBack) return degradation.outcomes(true);
  }
  return 0;
}

TEST(Degradation, NothingIsKnownBeforeTheFirstOutcome) {
  EXPECT_DOUBLE_EQ(Degradation().evidence(), 1);
}

// By hand: an old success and a new failure were predicted with a half each; the hypothesis
// explains them best by the rates 0.55 and 0.45.
TEST(Degradation, DividesByTheBestExplanationThatIsAllowed) {
  Degradation degradation;
  degradation.add(false, true);
  EXPECT_NEAR(degradation.evidence(), 0.5, 1e-12);
  degradation.add(true, false);
  EXPECT_NEAR(degradation.evidence(), 0.25 / (0.55 * 0.55), 1e-9);
}

TEST(Degradation, OutcomesOfOnePolicyProveNothing) {
  Degradation degradation;
  for (int i = 0; i < 50; ++i) degradation.add(true, false);
  EXPECT_LE(degradation.evidence(), 1);
}

// Exactly ten points worse is still allowed: at most one line in twenty is rolled back, however
// often one looks.
TEST(Degradation, SeldomRollsBackWhatIsAllowed) {
  int rolled_back = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    rolled_back += rolled_back_after(0.9, 0.8, 1000, seed) > 0;
  }
  EXPECT_LE(rolled_back, 400 / 20);
}

TEST(Degradation, RollsBackAPolicyThatIsMuchWorse) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const int64_t after = rolled_back_after(0.95, 0.3, 400, seed);
    EXPECT_GT(after, 0) << seed;
    EXPECT_LE(after, 60) << seed;
  }
}

}  // namespace
}  // namespace gyre
