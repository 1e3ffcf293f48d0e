#include "gyre/serve/canary_watch.h"

#include <gtest/gtest.h>

#include <string>

#include "gyre/core/degradation.h"
#include "gyre/core/error.h"

namespace gyre::serve {
namespace {

AttemptOutcome outcome(int number, std::optional<bool> success, bool by_person = false) {
  return {.attempt = std::to_string(number), .success = success, .by_person = by_person};
}

TEST(CanaryWatch, EvidenceIsThatOfTheOutcomesInOrder) {
  CanaryWatch watch;
  Degradation degradation;
  for (int i = 0; i < 40; ++i) {
    const bool canary = i % 4 == 0, success = !canary;
    degradation.add(canary, success);
    EXPECT_DOUBLE_EQ(watch.report(outcome(i, success), canary), degradation.evidence());
  }
  EXPECT_GE(watch.evidence(), Degradation::kRollBack);
  EXPECT_EQ(watch.count(true).attempts, 10);
  EXPECT_EQ(watch.count(true).successes, 0);
  EXPECT_EQ(watch.count(false).successes, 30);
}

TEST(CanaryWatch, APersonsVerdictStandsAboveTheJudges) {
  CanaryWatch watch;
  watch.report(outcome(1, true), true);
  watch.report(outcome(1, false, true), true);
  EXPECT_EQ(watch.count(true).successes, 0);
  watch.report(outcome(1, true), true);
  EXPECT_EQ(watch.count(true).successes, 0);
  EXPECT_EQ(watch.count(true).attempts, 1) << "an attempt counts once";
}

TEST(CanaryWatch, WhatNobodyCanSayIsMissing) {
  CanaryWatch watch;
  watch.report(outcome(1, std::nullopt), true);
  EXPECT_EQ(watch.count(true).attempts, 0);
  EXPECT_DOUBLE_EQ(watch.evidence(), 1);
}

TEST(CanaryWatch, RefusesAnAttemptWithoutAName) {
  CanaryWatch watch;
  EXPECT_THROW(watch.report({.attempt = "", .success = true}, true), Error);
}

}  // namespace
}  // namespace gyre::serve
