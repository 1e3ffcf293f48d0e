#include "gyre/flywheel/suites.h"

#include <gtest/gtest.h>

#include <string>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

// One letter an episode: 1 success, 0 failure; families and robots take turns.
Evaluation evaluation(const std::string& outcomes) {
  Evaluation result;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    result.episodes.push_back({.seed = i,
                               .task = "task",
                               .family = i % 2 == 0 ? "push" : "stack",
                               .embodiment = i % 4 < 2 ? "toy/joint" : "twin/joint",
                               .instruction = "",
                               .success = outcomes[i] == '1',
                               .hash = ""});
  }
  return result;
}

TEST(Suites, PairsEpisodesByIndexAndGroupsThem) {
  const Evaluation before = evaluation("01010101"), after = evaluation("11110101");
  const Comparison all = compare(before, after);
  EXPECT_EQ(all.paired, paired_difference(2, 0, 8));
  const auto families = compare_families(before, after);
  ASSERT_EQ(families.size(), 2U);
  EXPECT_EQ(families[0].family, "push");
  EXPECT_EQ(families[0].comparison.after, wilson(2, 4));
  EXPECT_EQ(families[1].comparison.paired, paired_difference(0, 0, 4));
  EXPECT_EQ(compare_robots(before, after).size(), 4U);
}

TEST(Suites, RefusesEpisodesThatAreNoPairs) {
  Evaluation after = evaluation("1111");
  EXPECT_THROW(compare(evaluation("111"), after), Error);
  after.episodes[2].seed = 99;
  EXPECT_THROW(compare(evaluation("1111"), after), Error);
}

}  // namespace
}  // namespace gyre::flywheel
