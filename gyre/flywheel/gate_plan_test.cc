#include "gyre/flywheel/gate_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

using ::testing::HasSubstr;

GateScope scope() {
  return {.frontier = "new", .trained = "known", .families = {"raise", "touch"}, .heldout = "rest"};
}

const GateTest& named(const GatePlan& plan, const std::string& name) {
  return *std::ranges::find(plan.tests, name, &GateTest::name);
}

TEST(GatePlan, ComparesEverythingThatMayBeLost) {
  GateScope given = scope();
  given.skills = {"earlier"};
  const GatePlan plan = plan_gate({}, given);
  std::vector<std::string> names;
  for (const GateTest& test : plan.tests) names.push_back(test.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("frontier", "raise", "touch", "trained",
                                                     "rest", "skill earlier"));
  EXPECT_EQ(named(plan, "frontier").margin, 0);
  EXPECT_EQ(named(plan, "frontier").looks.pairs.back(), 200);
  EXPECT_EQ(named(plan, "trained").margin, 0.02);
  EXPECT_EQ(named(plan, "trained").looks.pairs.back(), 1600);
  EXPECT_EQ(named(plan, "skill earlier").margin, 0.05);
  EXPECT_EQ(named(plan, "skill earlier").looks.pairs.back(), 800);
  EXPECT_EQ(plan.most_attempts(), 2 * (200 + 4 * 800));
  for (const GateTest& test : plan.tests) EXPECT_LE(test.looks.pairs.size(), kMostLooks);
}

TEST(GatePlan, ComparesWithAnAncestorOfItsOwnToo) {
  GateScope given = scope();
  given.other_ancestor = true;
  const GatePlan plan = plan_gate({}, given);
  EXPECT_EQ(plan.tests.size(), 2 * plan_gate({}, scope()).tests.size());
  EXPECT_EQ(std::ranges::count(plan.tests, Reference::kAncestor, &GateTest::against), 5);
  EXPECT_EQ(plan.most_attempts(), 3 * (200 + 3 * 800));
}

TEST(GatePlan, AQuickOnePoolsTheTrainedTasks) {
  const GatePlan plan = plan_gate({.quick = true}, scope());
  EXPECT_TRUE(plan.quick);
  ASSERT_EQ(plan.tests.size(), 2U);
  EXPECT_EQ(named(plan, "trained").margin, 0.1);
  EXPECT_THAT(plan_text(plan), HasSubstr("the quick gate: at most 640 attempts"));
}

TEST(GatePlan, SaysHowManyPairsItNeeds) {
  EXPECT_THAT(message_of([] { plan_gate({.frontier_pairs = 3}, scope()); }),
              HasSubstr("3 pairs of frontier tasks could not show a gain, whatever their outcome"));
  EXPECT_THAT(message_of([] { plan_gate({.frontier_pairs = 3}, scope()); }),
              HasSubstr("(--gate.frontier-pairs 5)"));
  EXPECT_THAT(message_of([] { plan_gate({.family_pairs = 50}, scope()); }),
              HasSubstr("a loss below 5 points"));
  EXPECT_THAT(message_of([] { plan_gate({.quick = true, .quick_pairs = 20}, scope()); }),
              HasSubstr("--gate.quick-pairs"));
  EXPECT_EQ(message_of([] { plan_gate({.family_pairs = 200}, scope()); }), "");
}

TEST(GatePlan, SaysWhatItSeesWhereRatesAreKnown) {
  GateScope given = scope();
  given.known = {{"raise", wilson(98, 98)}, {"frontier", wilson(0, 98)}};
  const GatePlan plan = plan_gate({}, given);
  EXPECT_LT(named(plan, "touch").visible, 0) << "nothing is known of it";
  EXPECT_NEAR(named(plan, "raise").visible, 3.3 * std::sqrt(0.02 / 800), 1e-3);
  EXPECT_GT(named(plan, "frontier").visible, 0.03);
  EXPECT_LT(named(plan, "frontier").visible, 0.2);
  EXPECT_THAT(plan_text(plan), HasSubstr("sees"));
}

}  // namespace
}  // namespace gyre::flywheel
