#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/process.h"
#include "gyre/flywheel/turn.h"
#include "gyre/flywheel/turn_cost.h"

namespace gyre::flywheel {

// What a person chooses of a turn.
struct TurnForm {
  std::string policy;  // hash of the ledger; "": the one in use
  std::string frontier_suite;
  std::string recipe = "corrections";
  int collect_episodes = 0, trained_episodes = 0, frontier_episodes = 0;
  double minutes = 0;  // of learning
};

struct StageState {
  std::string stage;
  double expected_s = 0;
  double spent_s = 0;
  bool done = false, running = false;
};

// The turn that runs in a folder of runs, or the one that was started last.
struct TurnState {
  // "none"; "running"; "stopping": interrupted, not ended yet; "stopped": can go on; "finished".
  std::string phase = "none";
  bool started_here = false;  // from a page; else from a terminal
  std::string run;            // "" until it has a folder
  std::string command;
  std::vector<StageState> stages;
  std::string what, unit;  // of the present part of a stage
  int64_t done = 0, total = 0;
  double left_s = -1;   // of the whole turn; -1: not known
  std::string problem;  // why it stopped
};

// Starts turns of one folder of runs as processes of their own, one at a time, and tells how far
// they are. A turn outlives the program that started it: <runs>/turn.json names its process, so
// that any later desk finds it again, and <runs>/turn.log has what it said. Safe from one thread at
// a time.
class TurnDesk {
 public:
  struct Options {
    std::filesystem::path runs, program;  // program: the file of `gyre`
    std::vector<std::string> suites;
    TurnConfig preset;  // what a form does not say
    // Real robots that move on this machine, by name; empty: nobody looks.
    std::function<std::vector<std::string>()> driven_robots;
  };
  explicit TurnDesk(Options options) : options_(std::move(options)) {}

  const Options& options() const { return options_; }
  // Throws Error naming the field that is wrong, and where no policy is in use.
  TurnConfig config(const TurnForm& form) const;

  // Why no turn can be started now; "": one can.
  std::string refusal() const;
  // Throws Error with the refusal, and as config() does.
  void start(const TurnForm& form);
  void go_on();  // with the turn that stopped; throws Error where there is none
  void stop();   // its stage's work so far is kept
  TurnState state() const;

 private:
  struct Started;  // turn.json
  std::optional<Started> started() const;
  void write(const Started& started) const;
  void run(std::vector<std::string> arguments, bool afresh);
  void require_free() const;

  Options options_;
};

}  // namespace gyre::flywheel
