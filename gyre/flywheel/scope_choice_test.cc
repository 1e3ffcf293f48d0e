#include "gyre/flywheel/scope_choice.h"

#include <gtest/gtest.h>

#include <map>

namespace gyre::flywheel {
namespace {

run::Attempt lift(const std::string& object, uint64_t seed) {
  return {.embodiment = "arm", .task = "lift/" + object, .seed = seed};
}

// So often each object is asked for.
std::vector<run::Attempt> asked_for(const std::map<std::string, int>& objects) {
  std::vector<run::Attempt> asked;
  for (const auto& [object, count] : objects) {
    for (int i = 0; i < count; ++i) asked.push_back(lift(object, asked.size()));
  }
  return asked;
}

std::map<std::string, int> chosen_of(const Scope& scope, const std::vector<run::Attempt>& asked,
                                     int64_t count) {
  std::map<std::string, int> objects;
  for (const run::Attempt& attempt : choose_attempts(scope, asked, count)) {
    ++objects[attempt.task.substr(5)];
  }
  return objects;
}

Scope known(const std::map<std::string, int64_t>& successes_of_50) {
  std::vector<CellEvidence> evidence;
  for (const auto& [object, successes] : successes_of_50) {
    evidence.push_back(
        {.cell = scope_cell("lift/" + object, "arm"), .attempts = 50, .successes = successes});
  }
  return make_scope({}, evidence);
}

TEST(ScopeChoice, CollectsWhereThePolicyFails) {
  auto chosen =
      chosen_of(known({{"cup", 50}, {"ball", 5}}), asked_for({{"cup", 40}, {"ball", 40}}), 20);
  EXPECT_GT(chosen["ball"], 15);
  EXPECT_EQ(chosen["ball"] + chosen["cup"], 20);
}

TEST(ScopeChoice, WeighsWhatIsAskedForOften) {
  const Scope scope = known({{"cup", 20}, {"ball", 20}});
  auto chosen = chosen_of(scope, asked_for({{"cup", 180}, {"ball", 60}}), 100);
  EXPECT_GT(chosen["cup"], chosen["ball"]);
  EXPECT_GT(chosen["ball"], 0) << "each further episode of one kind buys less";
}

TEST(ScopeChoice, KeepsTheOrderAndIsNeverShort) {
  std::vector<run::Attempt> asked = asked_for({{"cup", 3}});
  asked.push_back({.embodiment = "arm", .task = "a/b/c/d", .seed = 99});
  const auto all = choose_attempts({}, asked, 4);
  ASSERT_EQ(all.size(), 4U);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].seed, asked[i].seed);
  EXPECT_EQ(choose_attempts({}, asked, 10).size(), 4U);
  EXPECT_EQ(choose_attempts({}, asked, 2)[1].seed, 1U);
}

}  // namespace
}  // namespace gyre::flywheel
