#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gyre/flywheel/gate.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/flywheel/report.h"
#include "gyre/run/arena.h"
#include "gyre/run/loop_config.h"
#include "gyre/train/config.h"

namespace gyre::flywheel {

// The budget of one turn of the flywheel, and its rules.
struct TurnConfig {
  std::string policy = "assets/policies/nano";
  std::vector<std::string> record;
  std::string replay;
  int replay_episodes = 720;
  std::string runs = "runs";
  uint64_t seed = 1;
  std::vector<std::string> embodiments;
  std::string trained_suite;
  std::string frontier_suite;
  std::string heldout_suite;
  std::string ancestor;
  int trained_episodes = 400;
  int frontier_episodes = 100;
  int collect_episodes = 120;
  int attempts = 20;
  std::string collect_by = "deal";
  double old_share = 0.6;
  int workers = 0;
  std::string recipe = "corrections";
  run::LoopConfig loop;
  run::HelpConfig help;
  train::TrainConfig learn = fine_tuning(8);
  GateConfig gate;

  template <class Visitor>
  void visit(Visitor& v) {
    v("policy", policy, "checkpoint folder to begin with");
    v("record", record, "journal folders to learn from instead of collecting, comma-separated");
    v("replay", replay,
      "old data: a dataset, or a folder of datasets; \"\": demonstrations made again by seed");
    v("replay_episodes", replay_episodes, "how many demonstrations are made again");
    v("runs", runs, "folder of runs and of the ledger");
    v("seed", seed, "draws scenes, words, noise and batches");
    v("embodiments", embodiments, "robots, comma-separated");
    v("trained_suite", trained_suite, "tasks that the policy can do and must not forget");
    v("frontier_suite", frontier_suite, "tasks that the policy shall learn");
    v("heldout_suite", heldout_suite,
      "tasks that no data show and that the gate also compares; \"\": none");
    v("ancestor", ancestor,
      "policy that the gate also compares with: a hash of the ledger, or a folder; \"\": the root "
      "of the policy's line");
    v("trained_episodes", trained_episodes, "attempts at trained tasks, before and after each");
    v("frontier_episodes", frontier_episodes, "attempts at frontier tasks, before and after each");
    v("collect_episodes", collect_episodes, "helped attempts at frontier tasks");
    v("attempts", attempts,
      "on a real bench: attempts of predecessor and candidate each, by which they are compared");
    v("collect_by", collect_by,
      "choice of them: deal (each alike), or scope (where one helped episode buys most)");
    v("old_share", old_share, "share of old data in a batch (0..1)");
    v("workers", workers, "attempts made at once (0: one a core); changes no result");
    v("recipe", recipe,
      "way to learn: corrections, hg_dagger, filtered_cloning, cloning_everything, "
      "progress_critics or value_critic");
    v("loop", loop, "the control loop");
    v("help", help, "when the helper takes over");
    v("learn", learn, "learning");
    v("gate", gate, "when a policy is promoted");
  }

  // Throws Error naming the field.
  void validate() const;

  // Fits 15 minutes on two cores.
  static TurnConfig demo();
  // Going on from a trained policy for so long.
  static train::TrainConfig fine_tuning(double minutes);
};

struct TurnOptions {
  std::vector<Recipe> recipes = standard_recipes();
  std::function<void(const std::string& stage)> began;  // a stage that runs; may be empty
  std::function<void(const std::string& line)> note;    // for a person; may be empty
};

// One turn: evaluate, collect with help (or take a recording), label, learn from the policy on old
// and new data, evaluate with the same seeds, gate on fresh ones, promote or keep, report.
// Everything lies in <runs>/<UTC time>:
//   journal/, data/        what was recorded, and the datasets made of it
//   candidates/<recipe>/   the policies learnt
//   evaluations/           every episode of every evaluation
//   gate/                  every episode of the gate
//   policy/                the promoted one, if any
//   report.json, report.html
// and the decision in <runs>/ledger.db. On a real bench nothing is evaluated or filmed, and the
// gate is the comparison of blocks.h; its tape is in gate/journal. A run of the same order
// that was interrupted is resumed after its last finished stage. `command` is what the user typed.
// Throws Error: files that cannot be read or written, data or robots that do not fit the policy, a
// gate with too few pairs; on a real bench also without old data;
// and Interrupted after a stop request, saying how to go on.
Report run_turn(const run::Arena& arena, const TurnConfig& config, const std::string& command,
                const TurnOptions& options = {});

}  // namespace gyre::flywheel
