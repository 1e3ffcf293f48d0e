#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/run/arena.h"
#include "gyre/sim/task.h"

namespace gyre::sim {

class StateReader;
class StateWriter;

// x, y in [-1, 1] and 1 for each camera and each of the two named things; zeros where a thing is
// outside the picture or there is none. [cameras, 2, 3]
std::vector<float> grounding(const World& world, const Task& task,
                             const std::vector<CameraSpec>& cameras);

// Judges an attempt by the true state of its scene, and labels each period with it.
class SimJudge : public run::Judge {
 public:
  struct Options {
    bool labels = false;       // Truth for each period
    int64_t settle_ticks = 0;  // control periods that the attempt goes on after success
    int64_t limit_ticks = 0;
  };
  // Task, world and clock must outlive the judge.
  SimJudge(const Task& task, const World& world, const Clock& clock,
           std::vector<CameraSpec> cameras, const Options& options);

  TruthPtr before(const run::Tick& tick) override;
  // The verdict's episode is -1, the one that goes on: a judge does not count episodes.
  void after(const Step& step, run::EventSink& events) override;
  bool done() const override;
  bool success() const override { return still_ > 0; }
  int subtasks_done() const override { return subtasks_done_; }
  int subtasks() const override { return static_cast<int>(subtasks_.size()); }

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  const Task& task_;
  const World& world_;
  const Clock& clock_;
  std::vector<CameraSpec> cameras_;
  Options options_;
  std::vector<std::string> subtasks_;
  int subtasks_done_ = 0;
  int64_t still_ = 0;  // control periods of success until now
  bool posted_ = false;
};

}  // namespace gyre::sim
