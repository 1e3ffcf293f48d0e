#include "gyre/flywheel/compare/cell.h"

#include <algorithm>
#include <chrono>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/infer/engine.h"
#include "gyre/train/critic.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

[[noreturn]] void throw_cell_interrupted(const std::string& what) {
  throw Interrupted(what, "was interrupted; the rows so far are kept",
                    "give the same command again to go on");
}

// Empty at the begin, gone at the end.
class CellFolder {
 public:
  CellFolder(const fs::path& folder, bool keep) : folder_(folder), keep_(keep) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~CellFolder() {
    std::error_code ignored;  // the next run of the cell empties it
    if (!keep_) fs::remove_all(folder_, ignored);
  }
  CellFolder(const CellFolder&) = delete;
  CellFolder& operator=(const CellFolder&) = delete;

 private:
  const fs::path& folder_;
  bool keep_;
};

// The collection's datasets with the recipe's labels: their own folders for rules, which labelled
// them once for all; for a critic links to the same files, with the streams of this seed beside.
std::vector<fs::path> labelled(const Cell& cell) {
  const Labeler& labeler = *cell.recipe.labeler;
  if (!labeler.learns()) return cell.collection.datasets;
  std::vector<fs::path> datasets;
  for (size_t i = 0; i < cell.contracts.size(); ++i) {
    const fs::path& recorded = cell.collection.datasets[i];
    datasets.push_back(cell.folder / "data" / recorded.filename());
    fs::create_directories(datasets.back().parent_path());
    fs::copy(recorded, datasets.back(),
             fs::copy_options::recursive | fs::copy_options::create_hard_links);
    TargetLabels({cell.recipe.labeler}, cell.contracts[i]).write(datasets.back());
  }
  return datasets;
}

// In the time that the labels have left. Fills in `row`.
void learn_policy(const Cell& cell, const TurnData& fresh, CompareRow& row) {
  train::TrainConfig config = cell.config.learn;
  config.seed = cell.seed;
  config.minutes = (cell.config.seconds - row.critic_seconds) / 60;
  const Learnt learnt =
      cell.recipe.learner->learn({.config = config,
                                  .start = cell.start,
                                  .sources = {source_of(cell.old.data, cell.config.old_share),
                                              source_of(fresh, 1 - cell.config.old_share)},
                                  .out = cell.folder / "policy"});
  if (learnt.stopped) throw_cell_interrupted(cell.recipe.name);
  row.steps = learnt.steps;
  row.diverged = learnt.diverged;
  row.seconds = row.critic_seconds + 60 * learnt.minutes;
}

}  // namespace

std::string outcomes_of(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& pairs, const CompareConfig& config) {
  const Evaluation evaluation = evaluate(arena, engine, pairs, config.loop, config.workers);
  if (evaluation.interrupted) throw_cell_interrupted("evaluation");
  std::string outcomes;
  for (const EvaluatedEpisode& episode : evaluation.episodes) {
    outcomes += episode.success ? '1' : '0';
  }
  return outcomes;
}

void run_cell(const Cell& cell, CompareRow& row) {
  const CellFolder scratch(cell.folder, cell.config.keep);
  const auto began = std::chrono::steady_clock::now();
  std::vector<fs::path> datasets;
  try {
    datasets = labelled(cell);
  } catch (const train::CriticRefused& refused) {
    row.refused = refused.what();
  }
  if (cell.recipe.labeler->learns()) row.seconds = row.critic_seconds = seconds_since(began);
  if (!row.refused.empty()) return;
  if (row.critic_seconds >= cell.config.seconds) {
    row.refused = "its critic took all of the time; give more with --seconds";
    return;
  }
  const TurnData fresh = read_datasets(datasets, cell.contracts,
                                       std::string(cell.recipe.labeler->name()), cell.old.paces);
  if (!fresh.frames) throw_cell_interrupted(cell.recipe.name);
  if (std::ranges::none_of(fresh.targets, [](float target) { return target > 0; })) {
    row.refused = "none of the collected actions is one to learn from";
    return;
  }
  learn_policy(cell, fresh, row);
  const auto engine = infer::open_engine((cell.folder / "policy").string());
  row.policy = engine->checkpoint().policy_hash;
  row.outcomes = outcomes_of(cell.arena, *engine, cell.pairs, cell.config);
}

}  // namespace gyre::flywheel
