#include "gyre/flywheel/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace gyre::flywheel {
namespace {

using ::testing::HasSubstr;

GatePlan plan(bool other_ancestor = false) {
  return plan_gate({.frontier_pairs = 100, .family_pairs = 400},
                   {.frontier = "new",
                    .trained = "known",
                    .families = {"push", "stack"},
                    .other_ancestor = other_ancestor});
}

// Succeeds at each attempt whose number the policy's rule lets pass; counts what was asked.
struct Outcomes {
  std::function<bool(const std::string& tasks, GatePolicy policy, int64_t i)> succeeds;
  std::function<int64_t(GatePolicy policy, int64_t i)> safety = [](GatePolicy, int64_t) {
    return int64_t{0};
  };
  std::map<std::string, int64_t> asked = {};

  GateResult decide(const GatePlan& plan) {
    return run_gate(plan, [&](const GateTasks& tasks, GatePolicy policy, int64_t from, int64_t to) {
      EXPECT_EQ(from, asked[tasks.name + std::to_string(static_cast<int>(policy))]);
      asked[tasks.name + std::to_string(static_cast<int>(policy))] = to;
      std::vector<GateOutcome> outcomes;
      for (int64_t i = from; i < to; ++i) {
        outcomes.push_back({succeeds(tasks.name, policy, i), safety(policy, i)});
      }
      return outcomes;
    });
  }
};

bool gains(const std::string& tasks, GatePolicy policy, int64_t i) {
  return tasks != "frontier" || policy == GatePolicy::kCandidate || i % 10 == 0;
}

const GateRow& row(const GateResult& result, const std::string& name) {
  return *std::ranges::find(result.rows, name, &GateRow::name);
}

TEST(Gate, PromotesAGainThatForgetsNothing) {
  Outcomes outcomes{.succeeds = gains};
  const GateResult result = outcomes.decide(plan());
  EXPECT_TRUE(result.decision.promoted) << result.decision.reason;
  EXPECT_THAT(result.decision.reason, HasSubstr("+90.0 points"));
  EXPECT_EQ(row(result, "push").state, "holds");
  EXPECT_EQ(outcomes.asked["frontier0"], 40) << "a clear gain needs no more looks";
  ASSERT_EQ(result.safety.size(), 1U);
  EXPECT_TRUE(result.safety[0].holds);
}

TEST(Gate, KeepsWithoutAGainAndMakesNoFurtherAttempts) {
  Outcomes outcomes{.succeeds = [](const std::string& tasks, GatePolicy, int64_t) {
    return tasks != "frontier";
  }};
  const GateResult result = outcomes.decide(plan());
  EXPECT_FALSE(result.decision.promoted);
  EXPECT_THAT(result.decision.reason, HasSubstr("no gain outside the noise"));
  EXPECT_LT(outcomes.asked["frontier0"], 100) << "no gain in the first pairs refutes a large one";
  EXPECT_EQ(row(result, "trained").state, "open");
  EXPECT_TRUE(result.safety.empty());
}

TEST(Gate, KeepsWhenOneFamilyIsLost) {
  Outcomes outcomes{.succeeds = [](const std::string& tasks, GatePolicy policy, int64_t i) {
    if (tasks == "stack" && policy == GatePolicy::kCandidate) return i % 10 != 0;
    return gains(tasks, policy, i);
  }};
  const GateResult result = outcomes.decide(plan());
  EXPECT_FALSE(result.decision.promoted);
  EXPECT_THAT(result.decision.reason, HasSubstr("stack changed by -10.0 points"));
}

// Equal to its predecessor, which has lost ten points to the ancestor before.
TEST(Gate, KeepsWhatAddsUpAgainstTheAncestor) {
  Outcomes outcomes{.succeeds = [](const std::string& tasks, GatePolicy policy, int64_t i) {
    if (tasks == "push" && policy != GatePolicy::kAncestor) return i % 10 != 0;
    return gains(tasks, policy, i);
  }};
  EXPECT_TRUE(outcomes.decide(plan()).decision.promoted);
  outcomes.asked.clear();
  const GateResult result = outcomes.decide(plan(true));
  EXPECT_FALSE(result.decision.promoted);
  EXPECT_THAT(result.decision.reason, HasSubstr("against the ancestor"));
}

// A reference makes attempts only while a test against it is open.
TEST(Gate, TasksAreAttemptedAsLongAsATestNeedsThem) {
  Outcomes outcomes{.succeeds = [](const std::string& tasks, GatePolicy policy, int64_t i) {
    if (tasks == "push" && policy == GatePolicy::kAncestor) return i % 20 != 0 || i % 40 == 0;
    if (tasks == "push" && policy == GatePolicy::kCandidate) return i % 20 != 0 || i % 40 != 0;
    return gains(tasks, policy, i);
  }};
  const GateResult result = outcomes.decide(plan(true));
  EXPECT_LE(outcomes.asked["stack1"], outcomes.asked["push0"]);
  EXPECT_EQ(outcomes.asked["push0"], std::max(outcomes.asked["push1"], outcomes.asked["push2"]));
  EXPECT_EQ(result.attempts, [&] {
    int64_t sum = 0;
    for (const auto& [name, count] : outcomes.asked) sum += count;
    return sum;
  }());
}

TEST(Gate, KeepsWhatIsLessSafe) {
  Outcomes outcomes{.succeeds = gains, .safety = [](GatePolicy policy, int64_t i) {
                      return policy == GatePolicy::kCandidate ? i % 5 == 0 ? 3 : 0
                                                              : static_cast<int64_t>(i % 10 == 0);
                    }};
  const GateResult result = outcomes.decide(plan());
  EXPECT_FALSE(result.decision.promoted);
  EXPECT_THAT(result.decision.reason, HasSubstr("safety events in"));
  ASSERT_EQ(result.safety.size(), 1U);
  EXPECT_EQ(result.safety[0].candidate_events, 3 * result.safety[0].candidate_attempts);
  EXPECT_GT(result.safety[0].ratio_upper, 2);
}

// Three times the events in attempts that all have one: the number counts, not the attempts.
TEST(Gate, KeepsWhatHasMoreEventsInEachAttempt) {
  Outcomes outcomes{.succeeds = gains, .safety = [](GatePolicy policy, int64_t i) {
                      return policy == GatePolicy::kCandidate ? 9 + i % 7 : 3 + i % 3;
                    }};
  const GateResult result = outcomes.decide(plan());
  EXPECT_FALSE(result.decision.promoted);
  EXPECT_EQ(result.safety.at(0).candidate_attempts, result.safety.at(0).reference_attempts);
  EXPECT_GT(result.safety[0].dispersion, 1);
}

TEST(Gate, EqualSafetyPassesWhetherEventsAreFrequentOrRare) {
  for (const int64_t every : {3, 1000}) {
    Outcomes outcomes{.succeeds = gains, .safety = [every](GatePolicy policy, int64_t i) {
                        const int64_t shift = policy == GatePolicy::kCandidate ? 1 : 0;
                        return static_cast<int64_t>((i + shift) % every == 0);
                      }};
    const GateResult result = outcomes.decide(plan());
    EXPECT_TRUE(result.decision.promoted) << every << ": " << result.decision.reason;
  }
}

TEST(Gate, AQuickOneSaysThatItIsOne) {
  Outcomes outcomes{.succeeds = gains};
  const GateResult result = outcomes.decide(
      plan_gate({.quick = true, .frontier_pairs = 48}, {.frontier = "new", .trained = "known"}));
  EXPECT_TRUE(result.decision.promoted) << result.decision.reason;
  EXPECT_THAT(result.decision.reason, HasSubstr("promoted by the quick gate: "));
  EXPECT_THAT(result.decision.reason, HasSubstr("less than 10 points"));
  EXPECT_THAT(gate_table(result), HasSubstr("the quick gate"));
}

TEST(Gate, TheResultIsReadAsItWasWritten) {
  Outcomes outcomes{.succeeds = gains};
  const nlohmann::json json = outcomes.decide(plan(true));
  EXPECT_TRUE(json.at("safety")[0].at("ratio_upper").is_null()) << "there was no event";
  EXPECT_TRUE(json.at("tests")[0].at("visible").is_null());
  EXPECT_EQ(nlohmann::json(json.get<GateResult>()), json);
}

}  // namespace
}  // namespace gyre::flywheel
