#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/compare/bootstrap.h"
#include "gyre/flywheel/compare/collection.h"
#include "gyre/flywheel/compare/rows.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

// The recipe that all others are compared with.
inline constexpr const char* kBaseline = "cloning_everything";

// The rows of one recipe on one collection.
struct RecipeRows {
  std::string recipe;           // its key
  bool needs_outcomes = false;  // Labeler::needs_outcomes()
  std::vector<CompareRow> rows;
};

// The rows of one collection.
struct TaskRows {
  std::string task;
  int helped = 0;
  Collection collection;
  std::optional<CompareRow> before;  // of the policy before learning
  std::vector<RecipeRows> recipes;
  int64_t missing = 0;  // rows that do not stand yet
};

struct RecipeFigures {
  std::string recipe;
  std::vector<uint64_t> seeds;  // that learnt
  int64_t refused = 0;          // seeds that did not
  std::string why;              // of the first of them
  std::optional<Resampled> success;
  std::optional<Resampled> gain;  // over kBaseline, of the same seeds and pairs
  double holm = 1;                // level of `gain`, adjusted for all comparisons of the table
  double steps = 0, seconds = 0, critic_seconds = 0;  // means over `seeds`
  double help_s = 0;                                  // of a person, for this recipe
};

struct TaskFigures {
  std::string task;
  int helped = 0;
  Collection collection;
  std::optional<Rate> before;
  std::vector<RecipeFigures> recipes;
  int64_t missing = 0;
};

// A person's time for a gain, from collections of one task with more and more help.
struct HelpToGain {
  std::string task, recipe;
  std::vector<int> helped;
  std::vector<double> help_s, points;  // [helped], points of success above the first policy
  std::optional<double> to_30_s;       // for 30 points, between collections in a straight line;
                                       // none: no collection reached them
};

struct CompareSummary {
  std::vector<TaskFigures> tasks;
  std::vector<HelpToGain> to_gain;  // of tasks with two collections or more
  int64_t comparisons = 0;
  int resamples = 0;
  bool interrupted = false;
};

// Intervals resample training seeds, then pairs; differences are taken within seed and pair. The
// same rows and seed give the same bits. Throws Error for rows with unequal numbers of pairs.
CompareSummary summarise(const std::vector<TaskRows>& tasks, int resamples, uint64_t seed);

// {tasks: [{task, helped, collection, before, missing, recipes: [{recipe, seeds, refused, why,
// success, gain: {difference, low, high, p, holm_p}, steps, seconds, critic_seconds, help_s}]}],
// to_30_points: [{task, recipe, helped, help_s, points, to_30_s}], comparisons, resamples,
// interrupted}
void to_json(nlohmann::json& json, const CompareSummary& summary);
std::string compare_table(const CompareSummary& summary);  // for the terminal
// Success before learning (ring) and after (dot) with intervals, a row for each recipe: SVG.
std::string compare_plot(const CompareSummary& summary);

}  // namespace gyre::flywheel
