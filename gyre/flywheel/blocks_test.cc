#include "gyre/flywheel/blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

using ::testing::HasSubstr;

// "SFS": a success, a failure, a success.
std::vector<GateOutcome> told_outcomes(const std::string& letters) {
  std::vector<GateOutcome> outcomes;
  for (const char letter : letters) outcomes.push_back({.success = letter == 'S'});
  return outcomes;
}

TEST(Blocks, TooFewPairsAreRefusedWithTheNumberThatIsNeeded) {
  for (const int pairs : {-1, 0, 1, 2}) {
    EXPECT_THAT(message_of([&] { plan_blocks(pairs); }), HasSubstr("it needs at least 3"));
  }
  EXPECT_EQ(plan_blocks(3).pairs(), 3);
  EXPECT_THROW(plan_blocks(501), Error);
}

TEST(Blocks, SayWhatTheyCanSee) {
  const BlockPlan plan = plan_blocks(20);
  for (const double rate : {0.1, 0.3, 0.5}) {
    const double rise = visible_rise(plan, rate);
    ASSERT_GT(rise, 0);
    EXPECT_NEAR(plan.region.power(rate, rate + rise), 0.9, 1e-6);
    EXPECT_LT(rise, visible_rise(plan_blocks(10), 0.1)) << "more attempts see more";
  }
  EXPECT_LT(visible_rise(plan, 0.9), 0) << "20 of 20 against 18 of 20 is within chance";
  const std::string text = block_plan_text(plan);
  EXPECT_THAT(text, HasSubstr("20 attempts of each policy"));
  EXPECT_THAT(text, HasSubstr("from 30 %: +"));
  EXPECT_THAT(text, HasSubstr("90 %: nothing"));
}

TEST(Blocks, TheOrderIsDrawnBySeed) {
  const std::vector<bool> order = candidate_first(100, 1);
  EXPECT_EQ(order, candidate_first(100, 1));
  EXPECT_NE(order, candidate_first(100, 2));
  const auto first = std::ranges::count(order, true);
  EXPECT_GT(first, 30);
  EXPECT_LT(first, 70);
}

TEST(Blocks, BoschloosTestDecides) {
  const BlockPlan plan = plan_blocks(5);
  const GateResult gained = judge_blocks(plan, told_outcomes("SSSSS"), told_outcomes("FFSFF"));
  EXPECT_TRUE(gained.bench);
  EXPECT_EQ(gained.decision.promoted, boschloo_less(1, 5, 5, 5) <= 0.025);
  EXPECT_TRUE(gained.decision.promoted);
  EXPECT_THAT(gained.decision.reason, HasSubstr("5 of 5 (100 %) against 1 of 5 (20 %)"));
  ASSERT_EQ(gained.rows.size(), 1U);
  EXPECT_EQ(gained.rows[0].state, "holds");
  EXPECT_DOUBLE_EQ(gained.rows[0].statistic, boschloo_less(1, 5, 5, 5));
  EXPECT_EQ(gained.rows[0].paired.gained, 4);
  EXPECT_EQ(gained.attempts, 10);
  EXPECT_THAT(gate_table(gained), HasSubstr("the real bench"));
  EXPECT_EQ(nlohmann::json(gained), nlohmann::json(nlohmann::json(gained).get<GateResult>()));

  const GateResult chance = judge_blocks(plan, told_outcomes("SSSSF"), told_outcomes("SFSFF"));
  EXPECT_FALSE(chance.decision.promoted);
  EXPECT_THAT(chance.decision.reason, HasSubstr("no gain outside the noise"));
  EXPECT_FALSE(judge_blocks(plan, told_outcomes("FFFFF"), told_outcomes("SSSSS")).decision.promoted)
      << "one-sided";
}

TEST(Blocks, EndWhereNothingCouldPromoteAnyMore) {
  const BlockPlan plan = plan_blocks(3);
  EXPECT_FALSE(is_decided_against(plan, {}, {}));
  EXPECT_FALSE(is_decided_against(plan, told_outcomes("S"), told_outcomes("F")));
  EXPECT_TRUE(is_decided_against(plan, told_outcomes("F"), told_outcomes("F")));
  const GateResult early = judge_blocks(plan, told_outcomes("F"), told_outcomes("S"));
  EXPECT_FALSE(early.decision.promoted);
  EXPECT_THAT(early.decision.reason, HasSubstr("the 2 pairs that were left"));
  EXPECT_EQ(early.attempts, 2);
  EXPECT_THROW(judge_blocks(plan, told_outcomes("S"), told_outcomes("F")), Error) << "undecided";
  EXPECT_THROW(judge_blocks(plan, told_outcomes("SSS"), told_outcomes("F")), Error);
}

TEST(Blocks, TellSafetyEvents) {
  const BlockPlan plan = plan_blocks(3);
  std::vector<GateOutcome> candidate = told_outcomes("SSS");
  candidate[1].safety_events = 4;
  const GateResult result = judge_blocks(plan, candidate, told_outcomes("FFF"));
  ASSERT_EQ(result.safety.size(), 1U);
  EXPECT_EQ(result.safety[0].candidate_events, 4);
  EXPECT_EQ(result.safety[0].candidate_attempts, 1);
  EXPECT_EQ(result.safety[0].reference_events, 0);
  EXPECT_THAT(gate_table(result), HasSubstr("4 events in 3 attempts, 0 before"));
}

}  // namespace
}  // namespace gyre::flywheel
