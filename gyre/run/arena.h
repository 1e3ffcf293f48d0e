#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/embodiment.h"
#include "gyre/core/episode.h"
#include "gyre/core/goal.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/robot.h"
#include "gyre/run/command_source.h"
#include "gyre/run/monitor.h"

namespace gyre::infer {
class Engine;
}

namespace gyre::run {

struct AttemptOptions;  // attempt.h
struct AttemptResult;
using TakeResult = std::function<bool(int64_t index, AttemptResult&& result)>;

// One attempt before it is made: everything that its outcome depends on beside the policy.
struct Attempt {
  std::string embodiment;         // "so101/ee"
  std::string task;               // the arena's name of it: "pick_place/red_cup/sink"
  std::string family;             // "pick_place"
  bool long_horizon = false;      // several subtasks, one after the other
  uint64_t seed = 0;              // scene, words and the policy's noise
  std::string instruction;        // "": one of the task's, drawn by the seed
  std::optional<int64_t> number;  // the episode's on the tape; not set: the attempt's index
};

// An attempt and the policy that is to make it.
struct Trial {
  Attempt attempt;
  const infer::Engine* engine = nullptr;  // null: an expert drives
};

// Says how an attempt went. It posts a Verdict when the attempt is over.
class Judge : public Monitor {
 public:
  virtual bool done() const = 0;
  virtual bool success() const = 0;
  virtual int subtasks_done() const = 0;  // the most that were done at once
  virtual int subtasks() const = 0;
};

// When a scripted helper takes over, and for how long.
struct HelpConfig {
  double patience_s = 2.5;
  double progress_m = 0.02;
  double stretch_s = 3;
  template <class Visitor>
  void visit(Visitor& v) {
    v("patience_s", patience_s, "time without progress after which the helper takes over (s)");
    v("progress_m", progress_m,
      "smallest change of distance that is progress (m, at panda's scale)");
    v("stretch_s", stretch_s,
      "how long the first correction lasts; each further twice as long (s)");
  }
};

struct BenchOptions {
  int image_size = 64;   // pixels of a camera's side
  double more_time = 1;  // factor on the task's time limit
  bool labels = false;   // the judge labels each period with the simulator's truth
  int settle = 0;        // action periods that the attempt goes on after success, so that a policy
                         // that learns from it learns to end
  bool disturb = false;  // push things and shift the hand, drawn by the seed
  template <class Visitor>
  void visit(Visitor& v) {
    v("image_size", image_size, "pixels of a camera's side");
    v("more_time", more_time, "factor on the task's time limit");
    v("labels", labels, "the judge labels each period with the simulator's truth");
    v("settle", settle, "action periods that the attempt goes on after success");
    v("disturb", disturb, "push things and shift the hand");
  }
};

// An attempt that has begun: the robot stands ready in its scene. All parts live as long as the
// bench.
class Bench {
 public:
  virtual ~Bench() = default;
  virtual const Attempt& attempt() const = 0;  // with its instruction
  virtual Robot& robot() = 0;
  virtual std::span<Camera* const> cameras() = 0;  // in the contract's order
  virtual Clock& clock() = 0;
  virtual GoalPtr goal() const = 0;
  virtual Judge& judge() = 0;
  virtual int64_t time_limit_ticks() const = 0;  // control periods

  // A scripted expert that drives throughout, and one that watches and corrects; null where the
  // arena has none (a real bench: a person drives).
  virtual std::unique_ptr<CommandSource> expert() = 0;
  virtual std::unique_ptr<CommandSource> helper(const HelpConfig& config) = 0;

  // The whole state, bit for bit; "" where the arena is not simulated. Restoring throws Error for
  // bytes of another scene.
  virtual std::string save() const = 0;
  virtual void restore(std::string_view state) = 0;

  // Pictures for people, larger than the policy's, as the cameras see now; empty without cameras.
  virtual std::vector<Image> portrait(int size) = 0;
  // Shapes and poses of everything in the scene; null where nobody knows them. By the wall clock
  // without a lock or an allocation.
  virtual ScenePtr scene(bool shapes) = 0;
};

// A place where attempts are made: simulated scenes, or a real bench with a person who resets and
// judges. Const and thread-safe: several benches may be open at once where it is simulated.
class Arena {
 public:
  virtual ~Arena() = default;
  // A person lays each scene out and judges: an attempt costs minutes of theirs, and there are
  // neither experts nor saved states.
  virtual bool real() const { return false; }
  virtual std::vector<std::string> suites() const = 0;
  virtual std::vector<std::string> embodiments() const = 0;
  // Throws Error with the nearest name.
  virtual Embodiment contract(const std::string& embodiment, int image_size) const = 0;
  // `count` attempts dealt round-robin over embodiments, then over the suite's families, each
  // family with the same share. Attempt i's seed follows from (seed, i) alone and has 53 bits.
  // Throws Error when there is no such suite or no embodiment.
  virtual std::vector<Attempt> deal(const std::string& suite,
                                    const std::vector<std::string>& embodiments, int64_t count,
                                    uint64_t seed) const = 0;
  // One attempt at a named task. Throws Error with the nearest name.
  virtual Attempt attempt(const std::string& task, const std::string& embodiment,
                          uint64_t seed) const = 0;
  // Throws Error for what cannot be opened. A bench is used by one thread.
  virtual std::unique_ptr<Bench> open(const Attempt& attempt,
                                      const BenchOptions& options) const = 0;
  // Makes the attempts, `workers` at once (0: one a core; a real bench: one) and calls `take` with
  // each result in their order, on the calling thread. Shows progress as `what`. False when a stop
  // was requested, or `take` returned false, before the last one. Throws the first error.
  virtual bool make(const std::vector<Trial>& trials, const AttemptOptions& options, int workers,
                    const std::string& what, const TakeResult& take) const;
};

}  // namespace gyre::run
