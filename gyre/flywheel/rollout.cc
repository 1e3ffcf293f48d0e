#include "gyre/flywheel/rollout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/ordered_pool.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"

namespace gyre::flywheel {
namespace {

constexpr int kStillPeriods = 3;  // recorded after success

// Knows the true state: judges the attempt, notes how far it came and what a recording is labelled
// with.
class SimReferee : public run::Referee {
 public:
  SimReferee(const sim::Task& task, const sim::SimRobot& robot, bool record)
      : task_(task), robot_(robot), record_(record), subtasks_(task.subtasks(robot.world())) {}

  void annotate(Step& step) override {
    if (!record_) return;
    step.grounding = sim::grounding(robot_.world(), task_, robot_.embodiment());
    const auto now = static_cast<size_t>(task_.current_subtask(robot_.world()));
    true_subtasks_.push_back(subtasks_[std::min(now, subtasks_.size() - 1)]);
  }
  bool done() override {
    subtasks_done_ = std::max(subtasks_done_, task_.current_subtask(robot_.world()));
    still_ = task_.success(robot_.world()) ? still_ + 1 : 0;
    return stop_requested() || still_ >= (record_ ? kStillPeriods : 1);
  }
  bool success() const { return still_ > 0; }
  int subtasks_done() const { return subtasks_done_; }
  int subtasks() const { return static_cast<int>(subtasks_.size()); }
  const std::vector<std::string>& true_subtasks() const { return true_subtasks_; }  // of each step

 private:
  const sim::Task& task_;
  const sim::SimRobot& robot_;
  bool record_;
  std::vector<std::string> subtasks_, true_subtasks_;
  int subtasks_done_ = 0;
  int still_ = 0;  // periods of success until now
};

// Keeps the steps of an attempt.
class Recorder : public run::StepObserver {
 public:
  explicit Recorder(bool whole) : whole_(whole) {}

  void on_step(const Step& step) override {
    if (whole_) {
      steps.push_back(step);
      return;
    }
    Step& kept = steps.emplace_back();
    kept.observation.state = step.observation.state;
    kept.action = step.action;
  }
  bool wants_pictures() const override { return whole_; }
  std::vector<Step> steps;

 private:
  bool whole_;
};

class ExpertAlone : public run::Helper {
 public:
  ExpertAlone(sim::SimRobot& robot, const Attempt& attempt)
      : robot_(robot), expert_(attempt.task->expert(Rng::stream(attempt.seed, "expert"))) {}
  bool wants_control(const Step&) override { return true; }
  std::vector<float> action(const Step&) override {
    return robot_.action_for(expert_->move(robot_.world()));
  }
  Source source() const override { return Source::kExpert; }

 private:
  sim::SimRobot& robot_;
  std::unique_ptr<sim::Expert> expert_;
};

// The policy's own picture size, so that its contract is met.
int image_size_for(const infer::Engine* engine, const std::string& embodiment, int otherwise) {
  if (engine == nullptr) return otherwise;
  const auto& known = engine->checkpoint().embodiments;
  const auto found = known.find(embodiment);
  if (found == known.end() || found->second.contract.cameras.empty()) return otherwise;
  return found->second.contract.cameras.front().width;
}

}  // namespace

RolloutResult rollout(const infer::Engine* engine, const Attempt& attempt,
                      const RolloutOptions& options) {
  const sim::Task& task = *attempt.task;
  const Embodiment embodiment = sim::find_embodiment(
      attempt.embodiment, image_size_for(engine, attempt.embodiment, options.image_size));
  sim::SimRobot robot(embodiment, sim::layout_for(task, embodiment, attempt.seed), attempt.seed);

  RolloutResult result;
  Episode& episode = result.episode;
  episode.embodiment = embodiment.name;
  episode.task_name = task.name();
  episode.family = task.family();
  episode.seed = attempt.seed;
  episode.instruction = attempt.instruction;
  if (episode.instruction.empty()) {
    const std::vector<std::string> words = task.instructions();
    Rng rng = Rng::stream(attempt.seed, "words");
    episode.instruction = words[static_cast<size_t>(rng.below(std::ssize(words)))];
  }

  run::LoopConfig config = options.loop;
  config.think = config.think || task.long_horizon();
  run::Arbiter arbiter;
  run::ControlLoop loop(robot, engine, arbiter, config, attempt.seed);
  const std::unique_ptr<run::Helper> helper =
      options.helper ? options.helper(robot, attempt) : nullptr;
  loop.set_helper(helper.get());
  Recorder recorder(options.record);
  loop.add_observer(recorder);
  const std::unique_ptr<run::StepObserver> observer =
      options.observe ? options.observe(robot) : nullptr;
  if (observer) loop.add_observer(*observer);
  SimReferee referee(task, robot, options.record);
  const auto max_steps = static_cast<int64_t>(
      std::ceil(options.more_time * task.time_limit_s() / embodiment.period_s));

  const run::Outcome outcome = loop.run(episode.instruction, max_steps, referee);
  if (!outcome.failure.empty()) {
    throw Error(fmt::format("{} with {}, seed {}", task.name(), embodiment.name, attempt.seed),
                outcome.failure);
  }
  episode.steps = std::move(recorder.steps);
  if (options.record) {  // labels for learning: what was to be done, not what the policy believed
    for (size_t i = 0; i < episode.steps.size(); ++i) {
      episode.steps[i].observation.subtask = referee.true_subtasks()[i];
    }
  }
  episode.success = referee.success();
  result.hash = episode.hash();
  result.subtasks_done = referee.subtasks_done();
  result.subtasks = referee.subtasks();
  result.dropped_chunks = outcome.dropped_chunks;
  return result;
}

MakeHelper expert_alone() {
  return [](sim::SimRobot& robot, const Attempt& attempt) {
    return std::make_unique<ExpertAlone>(robot, attempt);
  };
}

bool rollout_all(const infer::Engine* engine, const std::vector<Attempt>& attempts,
                 const RolloutOptions& options, int workers, const std::string& what,
                 const std::function<void(size_t, RolloutResult&&)>& take) {
  Progress progress(what, std::ssize(attempts), "episodes");
  int64_t successes = 0;
  return run_in_order(
      std::ssize(attempts), workers,
      [&](int64_t index) -> std::optional<RolloutResult> {
        if (stop_requested()) return std::nullopt;
        RolloutResult result = rollout(engine, attempts[static_cast<size_t>(index)], options);
        if (stop_requested()) return std::nullopt;  // it may have been cut short
        return result;
      },
      [&](int64_t index, std::optional<RolloutResult>&& result) {
        if (!result) return false;
        successes += result->episode.success.value_or(false) ? 1 : 0;
        progress.update(index + 1, fmt::format("{} succeeded", successes));
        take(static_cast<size_t>(index), std::move(*result));
        return true;
      });
}

std::vector<Attempt> deal(const std::vector<TaskPtr>& tasks,
                          const std::vector<std::string>& embodiments, int episodes,
                          uint64_t seed) {
  if (tasks.empty()) throw Error("tasks", "there are none", "name a suite or a task");
  if (embodiments.empty()) throw Error("embodiments", "there are none", "name at least one");
  std::vector<Attempt> attempts;
  for (int64_t i = 0; i < episodes; ++i) {
    const int64_t robots = std::ssize(embodiments);
    attempts.push_back({.embodiment = embodiments[static_cast<size_t>(i % robots)],
                        .task = sim::deal(tasks, i / robots),
                        .seed = Rng::stream(seed, fmt::format("attempt/{}", i)).bits() >> 11,
                        .instruction = ""});
  }
  return attempts;
}

}  // namespace gyre::flywheel
