#include "gyre/flywheel/compare/summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

constexpr int kResamples = 2000;

CompareRow row_of(uint64_t seed, const std::string& outcomes) {
  return {.task = "lift",
          .recipe = "",
          .helped = 10,
          .seed = seed,
          .key = "k",
          .collection = "c",
          .policy = "p",
          .outcomes = outcomes,
          .refused = "",
          .seconds = 30,
          .critic_seconds = 2,
          .steps = 100};
}

CompareRow refused_row(uint64_t seed) {
  CompareRow row = row_of(seed, "");
  row.refused = "0 of 6 attempts succeeded";
  return row;
}

// Cloning succeeds at 2 of 8 pairs, the good recipe at those and 5 more, with both seeds.
TaskRows lift() {
  TaskRows task{.task = "lift", .helped = 10, .collection = {}, .before = {}, .recipes = {}};
  task.before = row_of(0, "11000000");
  task.collection.cost = {.driven_s = 20, .takeovers = 5, .verdicts = 12};
  task.recipes = {{.recipe = kBaseline, .rows = {row_of(1, "11000000"), row_of(2, "11000000")}},
                  {.recipe = "good",
                   .needs_outcomes = true,
                   .rows = {row_of(1, "11111110"), row_of(2, "11111110")}},
                  {.recipe = "same", .rows = {row_of(1, "11000000"), row_of(3, "11000000")}},
                  {.recipe = "none", .rows = {refused_row(1), refused_row(2)}}};
  return task;
}

const RecipeFigures& figures_of(const CompareSummary& summary, const std::string& name) {
  for (const RecipeFigures& recipe : summary.tasks.front().recipes) {
    if (recipe.recipe == name) return recipe;
  }
  throw Error(name, "is not there");
}

TEST(CompareSummary, PairsEachRecipeWithCloning) {
  const CompareSummary summary = summarise({lift()}, kResamples, 1);
  const RecipeFigures& good = figures_of(summary, "good");
  ASSERT_TRUE(good.success && good.gain);
  EXPECT_NEAR(good.success->mean, 7.0 / 8, 1e-6);
  EXPECT_NEAR(good.gain->mean, 5.0 / 8, 1e-6);
  EXPECT_GT(good.gain->low, 0);
  EXPECT_LT(good.holm, 0.05);
  EXPECT_EQ(good.steps, 100);
  const RecipeFigures& same = figures_of(summary, "same");
  ASSERT_TRUE(same.gain);
  EXPECT_EQ(same.gain->mean, 0);
  EXPECT_EQ(same.holm, 1);
  EXPECT_EQ(same.seeds, (std::vector<uint64_t>{1, 3}));
  EXPECT_FALSE(figures_of(summary, kBaseline).gain);
  EXPECT_EQ(summary.comparisons, 2);
  EXPECT_DOUBLE_EQ(good.holm, 2 * good.gain->p);
}

TEST(CompareSummary, ARefusedRecipeIsARowWithItsReason) {
  const CompareSummary summary = summarise({lift()}, kResamples, 1);
  const RecipeFigures& none = figures_of(summary, "none");
  EXPECT_FALSE(none.success);
  EXPECT_EQ(none.refused, 2);
  const std::string table = compare_table(summary);
  EXPECT_NE(table.find("2 refused: 0 of 6 attempts succeeded"), std::string::npos) << table;
  EXPECT_NE(table.find("87.5 ["), std::string::npos) << table;
}

// A verdict costs a second where the recipe learns from it.
TEST(CompareSummary, CountsAPersonsTimeByRecipe) {
  const CompareSummary summary = summarise({lift()}, kResamples, 1);
  EXPECT_EQ(figures_of(summary, kBaseline).help_s, 20 + 2 * 5);
  EXPECT_EQ(figures_of(summary, "good").help_s, 20 + 2 * 5 + 12);
}

// 25 points at 30 s, 62.5 at 60 s: 30 points lie 5 / 37.5 of the way from one to the other.
TEST(CompareSummary, FindsTheHelpForThirtyPoints) {
  TaskRows little = lift(), much = lift();
  little.helped = 5;
  little.recipes = {{.recipe = "good", .rows = {row_of(1, "11110000")}}};
  much.recipes = {{.recipe = "good", .rows = {row_of(1, "11111110")}}};
  much.collection.cost = {.driven_s = 50, .takeovers = 5};
  const CompareSummary summary = summarise({much, little}, kResamples, 1);
  ASSERT_EQ(summary.to_gain.size(), 1U);
  EXPECT_EQ(summary.to_gain[0].helped, (std::vector<int>{5, 10}));
  ASSERT_TRUE(summary.to_gain[0].to_30_s);
  EXPECT_NEAR(*summary.to_gain[0].to_30_s, 30 + 30 * 5 / 37.5, 1e-3);
  EXPECT_NE(compare_table(summary).find("+62.5"), std::string::npos);
  much.recipes[0].rows = {row_of(1, "11000000")};
  little.recipes[0].rows = {row_of(1, "11000000")};
  EXPECT_FALSE(summarise({much, little}, kResamples, 1).to_gain[0].to_30_s);
}

TEST(CompareSummary, JsonAndPlotHoldTheSameFigures) {
  const CompareSummary summary = summarise({lift()}, kResamples, 1);
  const nlohmann::json json = summary;
  const auto& good = json.at("tasks")[0].at("recipes")[1];
  EXPECT_EQ(good.at("recipe"), "good");
  EXPECT_EQ(good.at("success").at("rate"), 0.875);
  EXPECT_EQ(good.at("gain").at("difference"), 0.625);
  EXPECT_TRUE(json.at("tasks")[0].at("recipes")[3].at("success").is_null());
  EXPECT_EQ(json.at("comparisons"), 2);
  const std::string plot = compare_plot(summary);
  EXPECT_EQ(plot.find("<svg xmlns="), 0U);
  EXPECT_NE(plot.find("14 of 16"), std::string::npos);
  EXPECT_EQ(plot.find(">none<"), std::string::npos);
}

TEST(CompareSummary, TheSameRowsGiveTheSameBits) {
  EXPECT_EQ(nlohmann::json(summarise({lift()}, kResamples, 4)).dump(),
            nlohmann::json(summarise({lift()}, kResamples, 4)).dump());
}

}  // namespace
}  // namespace gyre::flywheel
