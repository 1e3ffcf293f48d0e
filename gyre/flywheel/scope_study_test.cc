#include "gyre/flywheel/scope_study.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace gyre::flywheel {
namespace {

// Nominal 95 %: at least 93 % of the lower bounds hold in more than 100 cells with 40 attempts
// each.
TEST(ScopeStudy, LowerBoundsHoldAsOftenAsTheySay) {
  const nlohmann::json study = study_scope_bounds({.worlds = 2});
  for (const nlohmann::json& row : study.at("kinds")) {
    EXPECT_GE(row.at("cells"), 200) << row;
    EXPECT_GE(row.at("holds"), 0.93) << row;
    EXPECT_GT(row.at("mean_low"), 0.5) << row << ": a bound that says nothing always holds";
  }
}

TEST(ScopeStudy, AScopeCutsTheFailuresOfAStream) {
  const nlohmann::json study = study_scope_streams({.streams = 1, .every = 200});
  const nlohmann::json& informed = study.at("streams")[0];
  EXPECT_EQ(informed.at("attempts"), 2000);
  EXPECT_GE(informed.at("cut"), 5) << informed;
  EXPECT_LE(informed.at("handed"), 0.3) << informed;
}

TEST(ScopeStudy, AStreamHasItsShares) {
  const auto stream = drawn_stream(measured_cells(3), 2000, 0.98, 3);
  std::map<std::string, int> suites;
  for (const StreamAttempt& each : stream) ++suites[each.suite];
  EXPECT_NEAR(suites["trained"], 1200, 70);
  EXPECT_NEAR(suites["heldout"], 300, 50);
  EXPECT_NEAR(suites["frontier"], 200, 45);
  EXPECT_NEAR(suites["long"], 300, 50);
}

TEST(ScopeStudy, WithoutAnySuccessEverythingIsHandedOver) {
  std::vector<StreamAttempt> stream(400, {.cell = scope_cell("push/red_block/left", "arm"),
                                          .policy_succeeds = false,
                                          .person_succeeds = true});
  const StreamResult result = run_stream(stream, {}, 10);
  EXPECT_EQ(result.alone, 400);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.asked + result.refused, 400);
  EXPECT_GT(result.refused, 300) << "after some attempts it is outside";
}

TEST(ScopeStudy, TheSameSeedGivesTheSameFigures) {
  const ScopeStudyConfig config{.worlds = 1, .streams = 1, .stream = 100, .seed = 5};
  EXPECT_EQ(study_scope_bounds(config), study_scope_bounds(config));
  EXPECT_EQ(study_scope_streams(config), study_scope_streams(config));
}

}  // namespace
}  // namespace gyre::flywheel
