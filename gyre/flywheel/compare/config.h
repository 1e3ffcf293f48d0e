#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gyre/run/arena.h"
#include "gyre/run/loop_config.h"
#include "gyre/train/config.h"

namespace gyre::flywheel {

// Recipes, tasks and budgets that are compared.
struct CompareConfig {
  std::string configs = "configs/compare";
  std::string runs = "runs/compare";
  std::string out;
  std::vector<std::string> tasks;
  std::vector<std::string> recipes = {"cloning_everything", "filtered_cloning", "hg_dagger",
                                      "progress_critics",   "value_critic",     "corrections"};
  std::vector<int> seeds = {1, 2, 3, 4, 5};
  std::vector<int> helped;
  int unhelped = -1;
  double seconds = 100;
  int pairs = 200;
  double old_share = 0.6;
  uint64_t seed = 1;
  int resamples = 10'000;
  int workers = 0;
  bool keep = false;
  run::LoopConfig loop;
  run::HelpConfig help;
  train::TrainConfig learn = learning();

  template <class Visitor>
  void visit(Visitor& v) {
    v("configs", configs, "folder of tasks, a TOML file each");
    v("runs", runs, "folder of first policies, collections and rows; they are made once");
    v("out", out, "file of rows; \"\": rows.jsonl in the folder of runs");
    v("tasks", tasks, "names of tasks, comma-separated; none: all");
    v("recipes", recipes, "recipes, comma-separated");
    v("seeds", seeds, "training seeds, comma-separated");
    v("helped", helped, "helped attempts of a collection, comma-separated; none: the task's own");
    v("unhelped", unhelped, "attempts without help; -1: the task's own");
    v("seconds", seconds, "wall time of each learning, critics included (s)");
    v("pairs", pairs, "attempts that every policy makes, on the same scenes");
    v("old_share", old_share, "share of old data in a batch (0..1)");
    v("seed", seed, "draws collected and evaluated attempts, and resamples");
    v("resamples", resamples, "bootstrap samples of an interval");
    v("workers", workers, "attempts made at once (0: one a core); changes no result");
    v("keep", keep, "keep the learnt policies");
    v("loop", loop, "the control loop");
    v("help", help, "when the helper takes over");
    v("learn", learn, "learning; its seed and minutes are the comparison's");
  }

  std::filesystem::path rows_file() const;
  // Throws Error naming the field.
  void validate() const;

  // Fits 20 minutes on two cores.
  static CompareConfig small();
  // As a turn learns, without held-out episodes: all of the time is learning.
  static train::TrainConfig learning();
};

}  // namespace gyre::flywheel
