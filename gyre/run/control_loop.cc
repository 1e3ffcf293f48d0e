#include "gyre/run/control_loop.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

// Beats once a period; simulated time does not wait. A tick that comes late shifts those after it:
// a robot must not be sent a burst to catch up.
class Metronome {
 public:
  Metronome(bool real_time, double period_s)
      : real_time_(real_time),
        period_(
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(period_s))),
        next_(Clock::now()) {}

  void wait() {
    if (!real_time_) return;
    const auto now = Clock::now();
    if (now < next_) {
      std::this_thread::sleep_until(next_);
    } else {
      next_ = now;
    }
    next_ += period_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool real_time_;
  Clock::duration period_;
  Clock::time_point next_;
};

}  // namespace

void LoopConfig::validate() const {
  if (execute < 1) throw Error("execute", "is below 1", "execute at least one action of a chunk");
  if (delay_ticks < 0) throw Error("delay_ticks", "is negative", "give 0 or more periods");
  if (flow_steps < 0) throw Error("flow_steps", "is negative", "give 0 for the checkpoint's");
}

ControlLoop::ControlLoop(Robot& robot, const infer::Engine* engine, Arbiter& arbiter,
                         const LoopConfig& config, uint64_t seed)
    : robot_(robot),
      arbiter_(arbiter),
      config_(config),
      filter_(robot.embodiment(), robot.embodiment().period_s),
      executor_(config.execute) {
  config.validate();
  if (engine == nullptr) return;
  if (config.think) {
    planner_ = std::make_unique<EnginePlanner>(*engine, robot.embodiment().name);
  }
  PolicyClient client(*engine, robot.embodiment(), planner_.get(), seed, config.flow_steps);
  if (config.real_time) {
    inference_ =
        std::make_unique<ThreadedInference>(std::move(client), robot.embodiment().period_s);
  } else {
    inference_ = std::make_unique<LockStepInference>(std::move(client), config.delay_ticks);
  }
}

Outcome ControlLoop::run(const std::string& task, int64_t max_steps, Referee& referee) {
  Outcome outcome;
  Metronome metronome(config_.real_time, robot_.embodiment().period_s);
  executor_.clear();
  if (inference_) inference_->forget();
  if (planner_) planner_->reset();
  subtask_.clear();
  filter_.reset(robot_.hold_action());  // else apply() reports the hold
  const bool observed = std::any_of(observers_.begin(), observers_.end(),
                                    [](const auto* one) { return one->wants_pictures(); });
  while (outcome.steps < max_steps && !outcome.done && outcome.failure.empty()) {
    metronome.wait();
    Step step;
    step.index = outcome.steps;
    take_answer(step.index, outcome);
    const bool may_ask = wants_chunk(step.index);
    step.observation = robot_.observe(observed || may_ask);
    step.observation.task = task;
    step.observation.subtask = subtask_;
    referee.annotate(step);

    const std::vector<float> hold = robot_.hold_action();
    decide(step, hold, may_ask, outcome);
    const Reasons reasons = filter_.apply(hold, step.action);
    if (reasons != 0) {
      step.clamped = true;
      step.clamp_reason += (step.clamp_reason.empty() ? "" : ", ") + describe(reasons);
      step.action.assign(filter_.sent().begin(), filter_.sent().end());
    }
    if (has(reasons, Reason::kHoldNonFinite)) {
      outcome.failure = "the robot does not know its position: its hold is not finite";
      arbiter_.handle(Event::kStop);
      outcome.stopped = true;
      break;
    }
    const CommandResult result = robot_.command(step.action);
    step.tracking_residual = result.residual;
    if (!result.ok) {
      outcome.failure = result.why;
      arbiter_.handle(Event::kStop);
    }
    ++outcome.steps;
    for (StepObserver* observer : observers_) observer->on_step(step);
    outcome.done = referee.done();
    outcome.stopped = arbiter_.mode() == Mode::kStopped;
  }
  for (StepObserver* observer : observers_) observer->on_end();
  return outcome;
}

void ControlLoop::decide(Step& step, const std::vector<float>& hold, bool may_ask,
                         Outcome& outcome) {
  if (helper_ != nullptr) {
    const bool had = arbiter_.mode() == Mode::kHuman;
    const bool wants = helper_->wants_control(step);
    if (wants != had) arbiter_.handle(wants ? Event::kTakeOver : Event::kGiveBack);
    if (wants && !had) {  // the policy must look afresh when it gets control back
      executor_.clear();
      if (inference_) inference_->forget();
    }
  }
  switch (arbiter_.mode()) {
    case Mode::kHuman:
      if (helper_ != nullptr) {
        step.action = helper_->action(step);
        step.source = helper_->source();
        step.intervention = true;
        return;
      }
      break;
    case Mode::kPolicy:
    case Mode::kFallback:
      follow_policy(step, hold, may_ask, outcome);
      return;
    case Mode::kPaused:
    case Mode::kStopped:
      executor_.clear();
      break;
  }
  step.action = hold;
  step.source = Source::kFallback;
}

void ControlLoop::take_answer(int64_t tick, Outcome& outcome) {
  const std::optional<Answer> answer = inference_ ? inference_->poll(tick) : std::nullopt;
  if (!answer) return;
  if (!answer->chunk) {
    outcome.failure = answer->failure;
    arbiter_.handle(Event::kStop);
    return;
  }
  inference_ms_ = answer->inference_ms;
  if (!executor_.offer(answer->chunk, answer->observed, tick)) {
    ++outcome.dropped_chunks;
    return;
  }
  subtask_ = answer->subtask;
}

bool ControlLoop::wants_chunk(int64_t tick) const {
  return inference_ && !inference_->busy() &&
         executor_.wants_chunk(tick, inference_->expected_delay());
}

void ControlLoop::follow_policy(Step& step, const std::vector<float>& hold, bool may_ask,
                                Outcome& outcome) {
  const int64_t tick = step.index;
  if (may_ask) {
    inference_->request(step.observation, tick);
    if (inference_->expected_delay() == 0) take_answer(tick, outcome);
    step.observation.subtask = subtask_;
  }
  const auto due = executor_.due(tick);
  arbiter_.handle(due ? Event::kPolicyBack : Event::kPolicyLost);
  if (!due) {
    step.action = hold;
    step.source = Source::kFallback;
    step.clamp_reason = "late";
    return;
  }
  step.action.assign(due->action.begin(), due->action.end());
  step.policy_action = step.action;
  step.source = Source::kPolicy;
  step.chunk_id = due->chunk_id;
  step.chunk_index = due->index;
  step.inference_ms = inference_ms_;
}

}  // namespace gyre::run
