#include "gyre/flywheel/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/compare/cell.h"
#include "gyre/flywheel/compare/old_data.h"
#include "gyre/flywheel/pace.h"
#include "gyre/flywheel/policy_cache.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/stages/tasks.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kRowVersion = 1;  // raised whenever the same key would give another row

// A task with one collection, as its rows need it.
struct PlannedTask {
  CompareTask task;
  fs::path policy;  // that recipes start from
  std::vector<Embodiment> contracts;
  std::vector<run::Attempt> pairs;
  Collection collection;
};

struct PlannedRow {
  const PlannedTask* task = nullptr;
  CompareRow row;  // without what running it fills in
};

std::vector<Recipe> chosen_recipes_of(const CompareConfig& config, const CompareOptions& options,
                                      uint64_t seed) {
  const std::vector<Recipe> known = options.recipes(seed);
  std::vector<Recipe> chosen;
  for (const std::string& name : config.recipes) chosen.push_back(find_recipe(known, name));
  return chosen;
}

class ComparisonRun {
 public:
  ComparisonRun(const run::Arena& arena, const CompareConfig& config, const CompareOptions& options)
      : arena_(arena),
        config_(config),
        options_(options),
        recipes_(chosen_recipes_of(config, options, 1)),
        tasks_(read_compare_tasks(config.configs, config.tasks)),
        rows_(config.rows_file()),
        old_(arena, config.workers) {}

  CompareSummary run() {
    for (const CompareTask& task : tasks_) plan(task);
    const bool complete = run_rows();
    CompareSummary summary = summarise(rows_of_tasks(), config_.resamples, config_.seed);
    summary.interrupted = !complete;
    return summary;
  }

 private:
  std::vector<run::Attempt> deal(const CompareTask& task, int64_t count, const char* stream) const {
    if (count == 0) return {};
    return deal_family(arena_, task.attempts, task.families_of, task.robots, count,
                       Rng::stream(config_.seed, std::string("compare ") + stream).bits() >> 11);
  }

  std::vector<int> helped_counts(const CompareTask& task) const {
    return config_.helped.empty() ? std::vector<int>{task.helped} : config_.helped;
  }

  // Makes what the rows of one task need.
  void plan(const CompareTask& task) {
    const fs::path policy = first_policy(arena_, task, fs::path(config_.runs) / "first_policies",
                                         config_.workers, old_);
    const Checkpoint& start = policies_.checkpoint(policy);
    std::vector<Embodiment> contracts;
    for (const std::string& robot : task.robots) {
      contracts.push_back(arena_.contract(robot, start.config.vision.image_size));
      start.trained_on(contracts.back());
    }
    for (const int helped : helped_counts(task)) {
      const CollectionOrder order{
          .helped = deal(task, helped, "helped"),
          .unhelped = deal(task, config_.unhelped < 0 ? task.unhelped : config_.unhelped, "alone"),
          .loop = config_.loop,
          .help = config_.help,
          .workers = config_.workers};
      Collection collection = collect_once(arena_, policies_.engine(policy), contracts,
                                           options_.recipes(1), order, config_.runs);
      rows_.require_collection(task.name, helped, collection.hash);
      planned_.push_back(std::make_unique<PlannedTask>(PlannedTask{
          task, policy, contracts, deal(task, config_.pairs, "pairs"), std::move(collection)}));
      planned_.back()->task.helped = helped;
    }
  }

  json shared_key(const PlannedTask& planned) const {
    json contracts = json::object();
    for (const Embodiment& contract : planned.contracts) {
      contracts[contract.name] = contract.contract_hash();
    }
    return {{"version", kRowVersion},
            {"contracts", contracts},
            {"pairs", hash_of(planned.pairs)},
            {"loop", config_json(config_.loop)}};
  }

  CompareRow first_row(const PlannedTask& planned) {
    json key = shared_key(planned);
    key["policy"] = policies_.checkpoint(planned.policy).policy_hash;
    return {.task = planned.task.name,
            .recipe = kFirstPolicy,
            .key = sha256_hex(key.dump(), 16),
            .collection = "",
            .policy = policies_.checkpoint(planned.policy).policy_hash,
            .outcomes = "",
            .refused = ""};
  }

  CompareRow recipe_row(const PlannedTask& planned, const Recipe& recipe, uint64_t seed) {
    json key = shared_key(planned);
    const int side = planned.contracts.front().cameras.front().width;
    key["start"] = policies_.checkpoint(planned.policy).policy_hash;
    key["collection"] = planned.collection.hash;
    key["old"] = OldDemonstrations::description(planned.task, side);
    key["old_share"] = config_.old_share;
    key["recipe"] = {recipe.key(), recipe.labeler->name(), recipe.learner->name()};
    key["seed"] = seed;
    key["seconds"] = config_.seconds;
    key["learn"] = config_json(config_.learn);
    key["pace"] = kPaceVersion;
    return {.task = planned.task.name,
            .recipe = recipe.key(),
            .helped = planned.task.helped,
            .seed = seed,
            .key = sha256_hex(key.dump(), 16),
            .collection = planned.collection.hash,
            .policy = "",
            .outcomes = "",
            .refused = ""};
  }

  // The rows that do not stand yet: all recipes with the first seed, then with the next, so that
  // rows of an interrupted comparison have the same seeds.
  std::vector<PlannedRow> due_rows() {
    std::vector<PlannedRow> due;
    const auto add = [&](const PlannedTask& planned, CompareRow row) {
      const bool twice = std::ranges::any_of(
          due, [&](const PlannedRow& other) { return other.row.key == row.key; });
      if (!twice && rows_.find(row.key) == nullptr) due.push_back({&planned, std::move(row)});
    };
    for (const auto& planned : planned_) {
      add(*planned, first_row(*planned));
      for (const int seed : config_.seeds) {
        for (const Recipe& recipe : recipes_) {
          add(*planned, recipe_row(*planned, recipe, static_cast<uint64_t>(seed)));
        }
      }
    }
    return due;
  }

  // False after a stop request.
  bool run_rows() {
    std::vector<PlannedRow> due = due_rows();
    const auto began = std::chrono::steady_clock::now();
    for (size_t i = 0; i < due.size(); ++i) {
      if (stop_requested()) return false;
      const CompareRow& row = due[i].row;
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
      tell(progress_line("comparing", static_cast<int64_t>(i), std::ssize(due), "rows",
                         elapsed.count(), false,
                         row.recipe == kFirstPolicy
                             ? fmt::format("{}, {}", row.task, row.recipe)
                             : fmt::format("{}, {}, seed {}", row.task, row.recipe, row.seed)));
      try {
        run_row(*due[i].task, due[i].row);
      } catch (const Interrupted&) {
        return false;
      }
      rows_.add(due[i].row);
    }
    return true;
  }

  void run_row(const PlannedTask& planned, CompareRow& row) {
    if (row.recipe == kFirstPolicy) {
      row.outcomes = outcomes_of(arena_, policies_.engine(planned.policy), planned.pairs, config_);
      return;
    }
    policies_.drop_engines();
    const std::vector<Recipe> recipes = chosen_recipes_of(config_, options_, row.seed);
    const auto recipe = std::ranges::find(recipes, row.recipe, &Recipe::key);
    run_cell({.arena = arena_,
              .config = config_,
              .recipe = *recipe,
              .seed = row.seed,
              .start = policies_.checkpoint(planned.policy),
              .contracts = planned.contracts,
              .collection = planned.collection,
              .old = old_.of(planned.task, planned.contracts),
              .pairs = planned.pairs,
              .folder = fs::path(config_.runs) / "cells" / row.key},
             row);
  }

  std::vector<TaskRows> rows_of_tasks() {
    std::vector<TaskRows> tasks;
    for (const auto& planned : planned_) {
      TaskRows task{.task = planned->task.name,
                    .helped = planned->task.helped,
                    .collection = planned->collection,
                    .before = std::nullopt,
                    .recipes = {}};
      if (const CompareRow* row = rows_.find(first_row(*planned).key)) task.before = *row;
      task.missing = task.before ? 0 : 1;
      for (const Recipe& recipe : recipes_) {
        RecipeRows rows{
            .recipe = recipe.key(), .needs_outcomes = recipe.labeler->needs_outcomes(), .rows = {}};
        for (const int seed : config_.seeds) {
          const std::string key = recipe_row(*planned, recipe, static_cast<uint64_t>(seed)).key;
          const CompareRow* row = rows_.find(key);
          if (row != nullptr) rows.rows.push_back(*row);
          if (row == nullptr) ++task.missing;
        }
        task.recipes.push_back(std::move(rows));
      }
      tasks.push_back(std::move(task));
    }
    return tasks;
  }

  void tell(const std::string& line) const {
    if (options_.note) options_.note(line);
  }

  const run::Arena& arena_;
  const CompareConfig& config_;
  const CompareOptions& options_;
  std::vector<Recipe> recipes_;
  std::vector<CompareTask> tasks_;
  CompareRows rows_;
  PolicyCache policies_;
  OldDemonstrations old_;
  std::vector<std::unique_ptr<PlannedTask>> planned_;
};

}  // namespace

CompareSummary compare_recipes(const run::Arena& arena, const CompareConfig& config,
                               const CompareOptions& options) {
  config.validate();
  return ComparisonRun(arena, config, options).run();
}

}  // namespace gyre::flywheel
