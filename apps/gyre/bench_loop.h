#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/infer/engine.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/policy_port.h"

namespace gyre::apps {

struct BenchLoopOptions {
  std::string embodiment = "so101/joint";
  double rate_hz = 500;
  double inference_ms = 20;  // of the canned policy
};

// The control loop of an arm that is not there, with all filters of one that is, cameras that show
// nothing, and a policy that answers with small swings about the home pose: on a thread of its own,
// or in simulated time after two actions.
class BenchLoop {
 public:
  // `clock` must outlive it; a SimulatedClock is moved by the robot. Throws Error for a robot that
  // is not there.
  BenchLoop(const BenchLoopOptions& options, Clock& clock);
  ~BenchLoop();
  void run(int64_t ticks, const std::function<bool()>& done);
  int64_t held_ticks() const { return held_; }
  // Ends the tape; the control periods that it held.
  int64_t close() {
    tape_->close();
    return sink_.steps;
  }

 private:
  struct CountingSink : public run::TapeSink {
    std::string_view name() const override { return "counter"; }
    bool wants(RecordKind kind) const override { return kind == RecordKind::kStep; }
    void take(const Record&) override { ++steps; }
    int64_t steps = 0;
  };
  std::unique_ptr<Robot> robot_;
  std::vector<std::unique_ptr<Camera>> own_cameras_;
  std::vector<Camera*> cameras_;
  std::unique_ptr<infer::Engine> engine_;
  run::LoopConfig config_;
  CountingSink sink_;
  std::unique_ptr<run::Tape> tape_;
  std::unique_ptr<run::PolicyPort> port_;
  std::unique_ptr<run::PolicySource> policy_;
  std::unique_ptr<run::ControlLoop> loop_;
  HeaderPtr header_;
  GoalPtr goal_;
  int64_t held_ = 0;
};

}  // namespace gyre::apps
