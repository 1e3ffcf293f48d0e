#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/run/chunk_executor.h"
#include "gyre/run/control_loop.h"

namespace gyre::run {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Embodiment one_joint() {
  Embodiment e;
  e.name = "fake/joint";
  e.period_s = 0.1;
  e.state = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}};
  e.action = {{.name = "joint", .unit = "rad", .min = -1, .max = 1, .max_velocity = 5},
              {.name = "delta", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1}};
  return e;
}

// Its clock advances by one period a command; its state is the last joint command.
class FakeRobot : public Robot {
 public:
  const Embodiment& embodiment() const override { return embodiment_; }
  Observation observe(bool pictures) override {
    with_pictures.push_back(pictures);
    Observation o;
    o.time_ns = static_cast<int64_t>(commands.size()) * 100'000'000;
    o.state = {joint_};
    return o;
  }
  CommandResult command(std::span<const float> action) override {
    commands.emplace_back(action.begin(), action.end());
    joint_ = action[0];
    if (static_cast<int>(commands.size()) == fails_at) return {.ok = false, .why = "motor hot"};
    return {};
  }
  std::vector<float> hold_action() override { return {joint_, 0}; }

  std::vector<std::vector<float>> commands;
  std::vector<bool> with_pictures;  // of each observation
  int fails_at = -1;

 private:
  Embodiment embodiment_ = one_joint();
  float joint_ = 0.25F;
};

class FakePrefix : public infer::Prefix {
 public:
  explicit FakePrefix(Observation o) : observation(std::move(o)) {}
  int batch() const override { return 1; }
  Observation observation;
};

// Chunks of 6 actions: the joint takes a random value drawn from the chunk's stream, and `delta`
// counts the action's index in hundredths.
class FakeEngine : public infer::Engine {
 public:
  FakeEngine() { checkpoint_.embodiments["fake/joint"].contract = one_joint(); }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Observation> observations,
                                        const std::string&, const infer::Prefix*) const override {
    return std::make_unique<FakePrefix>(observations[0]);
  }
  std::vector<std::string> think(const infer::Prefix& prefix) const override {
    const Observation& o = dynamic_cast<const FakePrefix&>(prefix).observation;
    ++thoughts;
    return {"step of " + o.prompt()};
  }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    if (fails) throw Error("engine", "is out of memory");
    std::this_thread::sleep_for(std::chrono::milliseconds(slow_ms));
    const Observation& o = dynamic_cast<const FakePrefix&>(prefix).observation;
    ActionChunk chunk;
    chunk.observation_time_ns = o.time_ns;
    chunk.horizon = 6;
    chunk.dim = 2;
    for (int i = 0; i < chunk.horizon; ++i) {
      const float joint = poisoned ? kNan : static_cast<float>(rngs[0].uniform(0, 0.4));
      chunk.actions.insert(chunk.actions.end(), {joint, 0.01F * static_cast<float>(i)});
    }
    return {chunk};
  }

  bool fails = false, poisoned = false;
  int slow_ms = 0;
  mutable std::atomic<int> thoughts = 0;

 private:
  Checkpoint checkpoint_;
};

class Recorder : public StepObserver {
 public:
  void on_step(const Step& step) override { steps.push_back(step); }
  bool wants_pictures() const override { return looks; }
  std::vector<Step> steps;
  bool looks = true;
};

class NeverDone : public Referee {
 public:
  bool done() override { return false; }
};

struct Rig {
  FakeRobot robot;
  FakeEngine engine;
  Arbiter arbiter;
  Recorder recorder;
  NeverDone referee;

  Outcome run(const LoopConfig& config, int64_t steps, uint64_t seed = 1,
              Helper* helper = nullptr) {
    ControlLoop loop(robot, &engine, arbiter, config, seed);
    loop.add_observer(recorder);
    loop.set_helper(helper);
    return loop.run("tidy up", steps, referee);
  }
};

TEST(ControlLoop, PicturesAreMadeOnlyWhereSomebodyLooks) {
  using Flags = std::vector<bool>;
  for (const bool looks : {false, true}) {
    Rig rig;
    rig.recorder.looks = looks;
    rig.run({.execute = 3}, 6);
    const bool no = looks;
    EXPECT_EQ(rig.robot.with_pictures, (Flags{true, no, no, true, no, no}));
  }
}

TEST(ChunkExecutor, DropsALateChunkAndSkipsLateActions) {
  auto chunk = std::make_shared<ActionChunk>();
  chunk->id = 7;
  chunk->horizon = 4;
  chunk->dim = 1;
  chunk->actions = {10, 11, 12, 13};
  ChunkExecutor executor(2);
  EXPECT_FALSE(executor.offer(chunk, /*observed=*/0, /*now=*/4)) << "no action left";
  EXPECT_FALSE(executor.due(4));
  EXPECT_TRUE(executor.offer(chunk, 2, 4));
  const auto due = executor.due(4).value_or(ChunkExecutor::Due{});
  EXPECT_EQ(due.chunk_id, 7);
  EXPECT_EQ(due.index, 2) << "two actions' time has passed";
  EXPECT_FALSE(executor.wants_chunk(5, 0));
  EXPECT_TRUE(executor.wants_chunk(5, 1)) << "begun early, to be there in time";
  EXPECT_TRUE(executor.wants_chunk(6, 0));
  EXPECT_FALSE(executor.due(6)) << "used up";
  EXPECT_FALSE(executor.offer(chunk, 1, 4)) << "older than what is executed";
}

TEST(ControlLoop, ExecutesPartOfEachChunkThenLooksAgain) {
  Rig rig;
  rig.run({.execute = 4}, 10);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(rig.recorder.steps[i].chunk_id, i / 4);
    EXPECT_EQ(rig.recorder.steps[i].chunk_index, i % 4);
    EXPECT_EQ(rig.recorder.steps[i].action, rig.robot.commands[i]);
  }
}

TEST(ControlLoop, ADelayedChunkLosesItsFirstActions) {
  Rig rig;
  rig.run({.execute = 3, .delay_ticks = 2}, 9);
  EXPECT_EQ(rig.recorder.steps[0].source, Source::kFallback);
  EXPECT_EQ(rig.recorder.steps[1].clamp_reason, "late");
  EXPECT_EQ(rig.robot.commands[1], (std::vector<float>{0.25F, 0}))
      << "holds until a chunk is there";
  for (int i = 2; i < 9; ++i) {
    EXPECT_EQ(rig.recorder.steps[i].source, Source::kPolicy);
    EXPECT_EQ(rig.recorder.steps[i].chunk_index, 2 + (i - 2) % 3) << i;
  }
}

TEST(ControlLoop, AChunkLaterThanItsHorizonIsNeverExecuted) {
  Rig rig;
  const Outcome outcome = rig.run({.execute = 3, .delay_ticks = 6}, 20);
  EXPECT_GT(outcome.dropped_chunks, 0);
  for (const Step& step : rig.recorder.steps) EXPECT_EQ(step.source, Source::kFallback);
}

TEST(ControlLoop, LockStepIsAFunctionOfTheSeed) {
  const auto commands = [](uint64_t seed, int slow_ms) {
    Rig rig;
    rig.engine.slow_ms = slow_ms;
    rig.run({.execute = 3, .delay_ticks = 1}, 12, seed);
    return rig.robot.commands;
  };
  EXPECT_EQ(commands(5, 0), commands(5, 3)) << "how long inference takes changes nothing";
  EXPECT_NE(commands(5, 0), commands(6, 0));
}

TEST(ControlLoop, NanNeverReachesTheRobot) {
  Rig rig;
  rig.engine.poisoned = true;
  rig.run({}, 8);
  for (const auto& command : rig.robot.commands) {
    for (float value : command) EXPECT_TRUE(std::isfinite(value));
  }
  EXPECT_TRUE(rig.recorder.steps[3].clamped);
  EXPECT_EQ(rig.recorder.steps[3].clamp_reason, "non-finite");
  EXPECT_TRUE(std::isnan(rig.recorder.steps[3].policy_action[0])) << "what it wanted is on record";
}

// Wants control in ticks 3, 4 and 5.
class ThreeTicks : public Helper {
 public:
  bool wants_control(const Step& step) override { return step.index >= 3 && step.index < 6; }
  std::vector<float> action(const Step&) override { return {9, 0.5F}; }
  Source source() const override { return Source::kHuman; }
};

TEST(ControlLoop, AHelperTakesOverAndGivesBack) {
  Rig rig;
  ThreeTicks helper;
  rig.run({.execute = 6, .delay_ticks = 0}, 8, 1, &helper);
  const std::vector<Step>& steps = rig.recorder.steps;
  for (int i = 0; i < 8; ++i) {
    const bool helped = i >= 3 && i < 6;
    EXPECT_EQ(steps[i].intervention, helped);
    EXPECT_EQ(steps[i].source, helped ? Source::kHuman : Source::kPolicy);
  }
  EXPECT_TRUE(steps[3].clamped) << "a person's hand passes the filter too";
  EXPECT_LE(steps[5].action[0], 1);
  EXPECT_EQ(steps[6].chunk_id, 1) << "the policy looks afresh";
  EXPECT_EQ(steps[6].chunk_index, 0);
}

TEST(ControlLoop, WhatFailsStopsAndIsReported) {
  Rig hot;
  hot.robot.fails_at = 3;
  Outcome outcome = hot.run({}, 10);
  EXPECT_EQ(outcome.steps, 3);
  EXPECT_TRUE(outcome.stopped);
  EXPECT_EQ(outcome.failure, "motor hot");

  Rig mute;
  mute.engine.fails = true;
  outcome = mute.run({}, 10);
  EXPECT_NE(outcome.failure.find("out of memory"), std::string::npos);
  ASSERT_EQ(mute.robot.commands.size(), 1U);
  EXPECT_EQ(mute.robot.commands[0], (std::vector<float>{0.25F, 0})) << "holds";
}

TEST(ControlLoop, AsksForTheSubtaskOnceASecond) {
  Rig rig;
  rig.run({.execute = 5, .think = true}, 40);
  EXPECT_EQ(rig.engine.thoughts, 4);
  EXPECT_EQ(rig.recorder.steps.back().observation.subtask, "step of tidy up")
      << "the question is about the task, not about the last answer";
}

TEST(ControlLoop, TheSubtaskOfOneRunDoesNotLeakIntoTheNext) {
  Rig rig;
  ControlLoop loop(rig.robot, &rig.engine, rig.arbiter, {.execute = 5, .think = true}, 1);
  loop.add_observer(rig.recorder);
  loop.run("tidy up", 1, rig.referee);
  loop.run("tidy up", 1, rig.referee);
  EXPECT_EQ(rig.engine.thoughts, 2) << "a new run asks anew, within the same second too";
  loop.run("wash up", 1, rig.referee);
  EXPECT_EQ(rig.recorder.steps.back().observation.subtask, "step of wash up");
}

TEST(ControlLoop, StoppedByAPersonHoldsAndGoesOn) {
  Rig rig;
  rig.arbiter.handle(Event::kStop);
  const Outcome outcome = rig.run({}, 5);
  EXPECT_EQ(outcome.steps, 5);
  EXPECT_TRUE(outcome.stopped);
  for (const auto& command : rig.robot.commands) {
    EXPECT_EQ(command, (std::vector<float>{0.25F, 0})) << "holds";
  }
  rig.arbiter.handle(Event::kClear);
  rig.arbiter.handle(Event::kResume);
  EXPECT_FALSE(rig.run({}, 2).stopped);
  EXPECT_EQ(rig.recorder.steps.back().source, Source::kPolicy);
}

// Loses its position after two commands.
class LostRobot : public FakeRobot {
 public:
  std::vector<float> hold_action() override { return {commands.size() < 2 ? 0.25F : kNan, 0}; }
};

TEST(ControlLoop, AHoldThatIsNotFiniteStopsTheRobotBeforeAnythingIsSent) {
  LostRobot robot;
  FakeEngine engine;
  Arbiter arbiter;
  NeverDone referee;
  ControlLoop loop(robot, &engine, arbiter, {}, 1);
  const Outcome outcome = loop.run("tidy up", 10, referee);
  EXPECT_EQ(robot.commands.size(), 2U);
  EXPECT_TRUE(outcome.stopped);
  EXPECT_EQ(arbiter.mode(), Mode::kStopped);
  EXPECT_NE(outcome.failure.find("hold is not finite"), std::string::npos);
}

TEST(ControlLoop, RealTimeExecutesWhileTheNextChunkIsComputed) {
  Rig rig;
  rig.engine.slow_ms = 5;
  const Outcome outcome = rig.run({.execute = 3, .real_time = true}, 8);
  EXPECT_EQ(outcome.steps, 8);
  EXPECT_EQ(rig.recorder.steps[0].source, Source::kFallback);
  EXPECT_EQ(rig.recorder.steps[7].source, Source::kPolicy);
  EXPECT_GT(rig.recorder.steps[7].chunk_index, 0) << "its first action's time was inference's";
}

TEST(ControlLoop, RefusesAPolicyOfAnotherContract) {
  Rig rig;
  FakeRobot other;
  const_cast<Embodiment&>(other.embodiment()).action[0].max = 0.9;
  EXPECT_THROW(ControlLoop(other, &rig.engine, rig.arbiter, {}, 1), Error);
}

}  // namespace
}  // namespace gyre::run
