#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/step.h"
#include "gyre/infer/engine.h"
#include "gyre/robot/robot.h"
#include "gyre/run/arbiter.h"
#include "gyre/run/chunk_executor.h"
#include "gyre/run/inference.h"
#include "gyre/run/planner.h"
#include "gyre/run/safety_filter.h"

namespace gyre::run {

struct LoopConfig {
  int execute = 2;      // actions of a chunk before the next takes over
  int delay_ticks = 0;  // simulated time: inference takes this many periods
  bool real_time = false;
  bool think = false;
  int flow_steps = 0;  // 0: the checkpoint's
  template <class Visitor>
  void visit(Visitor& v) {
    v("execute", execute, "actions of each chunk that are executed before the next");
    v("delay_ticks", delay_ticks, "simulated inference delay (periods), without real_time");
    v("real_time", real_time, "run by the wall clock, inference in its own thread");
    v("think", think, "let the policy name its subtask once a second");
    v("flow_steps", flow_steps, "steps of the flow (0: the checkpoint's)");
  }
  void validate() const;  // throws Error naming the field
};

// Takes every Step exactly once, in order, after its command went out: journal, metrics, video.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void on_step(const Step& step) = 0;
  virtual bool wants_pictures() const { return true; }  // else steps may come without
  virtual void on_end() {}                              // after the last step of a run
};

// Somebody who may take over: a person with a device, or a scripted stand-in.
class Helper {
 public:
  virtual ~Helper() = default;
  // Asked once a tick, before the action is chosen. Control lasts only while this says so: a helper
  // that falls silent has let go.
  virtual bool wants_control(const Step& step) = 0;
  virtual std::vector<float> action(const Step& step) = 0;  // [D], robot units
  virtual Source source() const = 0;                        // kHuman or kExpert
};

// Knows more than the robot senses: a simulated task, or a person who judges.
class Referee {
 public:
  virtual ~Referee() = default;
  // At the moment of the observation, before the action: fills what only it knows (grounding).
  virtual void annotate(Step&) {}
  // After the command: whether the attempt is over.
  virtual bool done() = 0;
};

struct Outcome {
  int64_t steps = 0;
  int64_t dropped_chunks = 0;
  bool done = false;     // the referee ended it
  bool stopped = false;  // the arbiter is in kStopped
  std::string failure;   // of inference or robot; "" when there was none
};

// One robot, one loop at the embodiment's rate: observe, decide (arbiter), filter, command, report.
// With simulated time it runs as fast as it can and is a function of seeds alone; with real_time it
// keeps the wall clock's beat, and chunks are computed while the last one is executed.
class ControlLoop {
 public:
  // `engine` may be null (a helper drives alone). All references must outlive the loop.
  // Throws Error for a contract that the policy was not trained on, or limits that contradict
  // themselves.
  ControlLoop(Robot& robot, const infer::Engine* engine, Arbiter& arbiter, const LoopConfig& config,
              uint64_t seed);

  void add_observer(StepObserver& observer) { observers_.push_back(&observer); }
  void set_helper(Helper* helper) { helper_ = helper; }

  // Runs until the referee, a stop or `max_steps` ends it. Never throws for what happens on the
  // robot's side: a failed inference or command is in the Outcome. An observer's exception (a full
  // disk) passes through after the command was sent.
  Outcome run(const std::string& task, int64_t max_steps, Referee& referee);

 private:
  void take_answer(int64_t tick, Outcome& outcome);
  bool wants_chunk(int64_t tick) const;
  // `may_ask`: the step has what a policy needs to see.
  void decide(Step& step, const std::vector<float>& hold, bool may_ask, Outcome& outcome);
  void follow_policy(Step& step, const std::vector<float>& hold, bool may_ask, Outcome& outcome);

  Robot& robot_;
  Arbiter& arbiter_;
  LoopConfig config_;
  SafetyFilter filter_;
  ChunkExecutor executor_;
  std::unique_ptr<Planner> planner_;
  std::unique_ptr<Inference> inference_;  // null without an engine
  Helper* helper_ = nullptr;
  std::vector<StepObserver*> observers_;
  std::string subtask_;
  float inference_ms_ = 0;
};

}  // namespace gyre::run
