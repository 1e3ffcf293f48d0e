#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/flywheel/compare/summary.h"
#include "gyre/flywheel/plot.h"

namespace gyre::flywheel {
namespace {

std::string spaced(std::string key) {
  std::ranges::replace(key, '_', ' ');
  return key;
}

std::string in_percent(const Resampled& value, bool sign) {
  return sign ? fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", 100 * value.mean, 100 * value.low,
                            100 * value.high)
              : fmt::format("{:.1f} [{:.1f}, {:.1f}]", 100 * value.mean, 100 * value.low,
                            100 * value.high);
}

std::string collection_lines(const TaskFigures& task) {
  const Collection& all = task.collection;
  const HelpCost& cost = all.cost;
  return fmt::format(
      "{}, {} helped attempts ({} succeeded) and {} without help ({} succeeded), collection {}\n"
      "  help: {:.0f} s driven, {} take-overs, {} sentences, {} verdicts: {:.0f} s ({:.0f} s "
      "without verdicts); attended {:.0f} s\n",
      task.task, all.helped.episodes, all.helped.successes, all.unhelped.episodes,
      all.unhelped.successes, all.hash, cost.driven_s, cost.takeovers, cost.sentences,
      cost.verdicts, cost.seconds(true), cost.seconds(false), cost.attended_s);
}

std::string recipe_line(const RecipeFigures& recipe) {
  std::string line = fmt::format("  {:<20} {:>5}  ", spaced(recipe.recipe), recipe.seeds.size());
  if (recipe.success) {
    line +=
        fmt::format("{:<22}{:<26}{:>8}{:>8.0f}{:>9.1f}{:>9.1f}", in_percent(*recipe.success, false),
                    recipe.gain ? in_percent(*recipe.gain, true) : "",
                    recipe.gain ? fmt::format("{:.4f}", recipe.holm) : "", recipe.steps,
                    recipe.seconds, recipe.critic_seconds);
  }
  if (recipe.refused > 0) line += fmt::format("  {} refused: {}", recipe.refused, recipe.why);
  return line + "\n";
}

std::string task_table(const TaskFigures& task) {
  std::string table = collection_lines(task);
  table += fmt::format("  {:<20} {:>5}  {:<22}{:<26}{:>8}{:>8}{:>9}{:>9}\n", "", "seeds",
                       "success, %", "over cloning, points", "p, Holm", "steps", "s", "critic s");
  if (task.before) {
    table += fmt::format("  {:<20} {:>5}  {:.1f} [{:.1f}, {:.1f}]\n", kFirstPolicy, "",
                         100 * task.before->rate, 100 * task.before->low, 100 * task.before->high);
  }
  for (const RecipeFigures& recipe : task.recipes) table += recipe_line(recipe);
  if (task.missing > 0) table += fmt::format("  {} rows are missing\n", task.missing);
  return table;
}

std::string help_table(const std::vector<HelpToGain>& gains) {
  if (gains.empty()) return "";
  std::string table = fmt::format("\n{:<12} {:<20} {:>15}  {}\n", "task", "recipe",
                                  "s of help to +30", "helped attempts: s of help, points gained");
  for (const HelpToGain& gain : gains) {
    table += fmt::format("{:<12} {:<20} {:>15}  ", gain.task, spaced(gain.recipe),
                         gain.to_30_s ? fmt::format("{:.0f}", *gain.to_30_s) : "not reached");
    for (size_t i = 0; i < gain.helped.size(); ++i) {
      table += fmt::format("{}{}: {:.0f} s, {:+.1f}", i == 0 ? "" : "; ", gain.helped[i],
                           gain.help_s[i], gain.points[i]);
    }
    table += "\n";
  }
  return table;
}

Rate rate_of(const RecipeFigures& recipe, int64_t pairs) {
  const int64_t attempts = pairs * std::ssize(recipe.seeds);
  return {.episodes = attempts,
          .successes = std::llround(recipe.success->mean * static_cast<double>(attempts)),
          .rate = recipe.success->mean,
          .low = recipe.success->low,
          .high = recipe.success->high};
}

}  // namespace

std::string compare_table(const CompareSummary& summary) {
  std::string table;
  for (const TaskFigures& task : summary.tasks) {
    table += (table.empty() ? "" : "\n") + task_table(task);
  }
  table += help_table(summary.to_gain);
  return table + fmt::format(
                     "\n95 % intervals resample training seeds, then pairs, {} times; Holm "
                     "over {} comparisons\n",
                     summary.resamples, summary.comparisons);
}

std::string compare_plot(const CompareSummary& summary) {
  std::vector<RateGroup> groups;
  for (const TaskFigures& task : summary.tasks) {
    if (!task.before) continue;
    RateGroup group{.title = fmt::format("{}, {} helped", task.task, task.helped), .rows = {}};
    for (const RecipeFigures& recipe : task.recipes) {
      if (!recipe.success) continue;
      group.rows.push_back({.label = spaced(recipe.recipe),
                            .before = *task.before,
                            .after = rate_of(recipe, task.before->episodes)});
    }
    groups.push_back(std::move(group));
  }
  return stand_alone(rate_plot(groups));
}

}  // namespace gyre::flywheel
