#include "gyre/flywheel/compare/summary.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/flywheel/compare/holm.h"

namespace gyre::flywheel {
namespace {

using nlohmann::json;
using OutcomesBySeed = std::map<uint64_t, std::vector<float>>;

constexpr double kGainAsked = 30;  // points

OutcomesBySeed outcomes_by_seed(const RecipeRows& recipe) {
  OutcomesBySeed outcomes;
  for (const CompareRow& row : recipe.rows) {
    if (!row.refused.empty()) continue;
    std::vector<float>& seed = outcomes[row.seed];
    for (const char outcome : row.outcomes) seed.push_back(outcome == '1' ? 1.F : 0.F);
  }
  return outcomes;
}

// [seeds][pairs] of the seeds that both have.
std::vector<std::vector<float>> differences(const OutcomesBySeed& recipe,
                                            const OutcomesBySeed& baseline) {
  std::vector<std::vector<float>> all;
  for (const auto& [seed, outcomes] : recipe) {
    const auto other = baseline.find(seed);
    if (other == baseline.end()) continue;
    if (other->second.size() != outcomes.size()) {
      throw Error("rows", "of one seed have unequal numbers of pairs");
    }
    all.push_back(outcomes);
    for (size_t i = 0; i < outcomes.size(); ++i) all.back()[i] -= other->second[i];
  }
  return all;
}

void add_costs(const RecipeRows& recipe, RecipeFigures& figures) {
  for (const CompareRow& row : recipe.rows) {
    if (!row.refused.empty()) {
      if (++figures.refused == 1) figures.why = row.refused;
      continue;
    }
    figures.steps += static_cast<double>(row.steps);
    figures.seconds += row.seconds;
    figures.critic_seconds += row.critic_seconds;
  }
  const auto learnt = static_cast<double>(std::max<size_t>(figures.seeds.size(), 1));
  for (double* mean : {&figures.steps, &figures.seconds, &figures.critic_seconds}) *mean /= learnt;
}

RecipeFigures figures_of(const TaskRows& task, const RecipeRows& recipe,
                         const OutcomesBySeed& baseline, int resamples, uint64_t seed) {
  RecipeFigures figures{.recipe = recipe.recipe,
                        .seeds = {},
                        .why = "",
                        .success = std::nullopt,
                        .gain = std::nullopt,
                        .help_s = task.collection.cost.seconds(recipe.needs_outcomes)};
  const OutcomesBySeed outcomes = outcomes_by_seed(recipe);
  std::vector<std::vector<float>> table;
  for (const auto& [training, one] : outcomes) {
    figures.seeds.push_back(training);
    table.push_back(one);
  }
  add_costs(recipe, figures);
  if (!table.empty()) figures.success = bootstrap(table, resamples, seed);
  if (recipe.recipe == kBaseline) return figures;
  const auto gains = differences(outcomes, baseline);
  if (!gains.empty()) figures.gain = bootstrap(gains, resamples, seed);
  return figures;
}

void adjust_levels(CompareSummary& summary) {
  std::vector<double> levels;
  std::vector<double*> places;
  for (TaskFigures& task : summary.tasks) {
    for (RecipeFigures& recipe : task.recipes) {
      if (!recipe.gain) continue;
      levels.push_back(recipe.gain->p);
      places.push_back(&recipe.holm);
    }
  }
  const std::vector<double> adjusted = holm(levels);
  for (size_t i = 0; i < adjusted.size(); ++i) *places[i] = adjusted[i];
  summary.comparisons = std::ssize(levels);
}

std::optional<double> seconds_to(double points, const HelpToGain& gain) {
  double help_before = 0, points_before = 0;  // no help, nothing gained
  for (size_t i = 0; i < gain.points.size(); ++i) {
    if (gain.points[i] >= points) {
      const double part = (points - points_before) / (gain.points[i] - points_before);
      return help_before + part * (gain.help_s[i] - help_before);
    }
    help_before = gain.help_s[i];
    points_before = gain.points[i];
  }
  return std::nullopt;
}

std::vector<HelpToGain> gains_by_help(const std::vector<TaskFigures>& tasks) {
  std::map<std::pair<std::string, std::string>, HelpToGain> gains;
  std::vector<const TaskFigures*> by_help;
  for (const TaskFigures& task : tasks) by_help.push_back(&task);
  std::ranges::stable_sort(by_help, {}, &TaskFigures::helped);
  for (const TaskFigures* task : by_help) {
    for (const RecipeFigures& recipe : task->recipes) {
      if (!recipe.success || !task->before) continue;
      HelpToGain& gain = gains[{task->task, recipe.recipe}];
      gain.task = task->task;
      gain.recipe = recipe.recipe;
      gain.helped.push_back(task->helped);
      gain.help_s.push_back(recipe.help_s);
      gain.points.push_back(100 * (recipe.success->mean - task->before->rate));
    }
  }
  std::vector<HelpToGain> several;
  for (auto& [names, gain] : gains) {
    if (gain.helped.size() < 2) continue;
    gain.to_30_s = seconds_to(kGainAsked, gain);
    several.push_back(std::move(gain));
  }
  return several;
}

json interval_json(const Resampled& value, const char* name) {
  return {{name, value.mean}, {"low", value.low}, {"high", value.high}};
}

json recipe_json(const RecipeFigures& recipe) {
  json figures = {{"recipe", recipe.recipe},
                  {"seeds", recipe.seeds},
                  {"refused", recipe.refused},
                  {"why", recipe.why},
                  {"success", nullptr},
                  {"gain", nullptr},
                  {"steps", recipe.steps},
                  {"seconds", recipe.seconds},
                  {"critic_seconds", recipe.critic_seconds},
                  {"help_s", recipe.help_s}};
  if (recipe.success) figures["success"] = interval_json(*recipe.success, "rate");
  if (recipe.gain) {
    figures["gain"] = interval_json(*recipe.gain, "difference");
    figures["gain"]["p"] = recipe.gain->p;
    figures["gain"]["holm_p"] = recipe.holm;
  }
  return figures;
}

}  // namespace

CompareSummary summarise(const std::vector<TaskRows>& tasks, int resamples, uint64_t seed) {
  CompareSummary summary{.tasks = {}, .to_gain = {}, .resamples = resamples};
  for (const TaskRows& task : tasks) {
    TaskFigures figures{.task = task.task,
                        .helped = task.helped,
                        .collection = task.collection,
                        .before = std::nullopt,
                        .recipes = {},
                        .missing = task.missing};
    if (task.before) {
      const auto successes = std::ranges::count(task.before->outcomes, '1');
      figures.before = wilson(successes, std::ssize(task.before->outcomes));
    }
    const auto baseline = std::ranges::find(task.recipes, kBaseline, &RecipeRows::recipe);
    const OutcomesBySeed compared_with =
        baseline == task.recipes.end() ? OutcomesBySeed() : outcomes_by_seed(*baseline);
    for (const RecipeRows& recipe : task.recipes) {
      figures.recipes.push_back(figures_of(task, recipe, compared_with, resamples, seed));
    }
    summary.tasks.push_back(std::move(figures));
  }
  adjust_levels(summary);
  summary.to_gain = gains_by_help(summary.tasks);
  return summary;
}

void to_json(json& json, const CompareSummary& summary) {
  json = {{"tasks", json::array()},
          {"to_30_points", json::array()},
          {"comparisons", summary.comparisons},
          {"resamples", summary.resamples},
          {"interrupted", summary.interrupted}};
  for (const TaskFigures& task : summary.tasks) {
    json["tasks"].push_back(
        {{"task", task.task},
         {"helped", task.helped},
         {"collection", task.collection},
         {"before", task.before ? nlohmann::json(*task.before) : nlohmann::json()},
         {"missing", task.missing},
         {"recipes", json::array()}});
    for (const RecipeFigures& recipe : task.recipes) {
      json["tasks"].back()["recipes"].push_back(recipe_json(recipe));
    }
  }
  for (const HelpToGain& gain : summary.to_gain) {
    json["to_30_points"].push_back(
        {{"task", gain.task},
         {"recipe", gain.recipe},
         {"helped", gain.helped},
         {"help_s", gain.help_s},
         {"points", gain.points},
         {"to_30_s", gain.to_30_s ? nlohmann::json(*gain.to_30_s) : nlohmann::json()}});
  }
}

}  // namespace gyre::flywheel
