// Stale data, frozen cameras, faults and long holds, by a clock that the test moves.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

constexpr int64_t kStopSecond = 1'000'000'000;
constexpr double kStopTick = 0.01;

// Wall time that passes only while the loop sleeps.
class TestClock : public Clock {
 public:
  int64_t now_ns() const noexcept override { return now; }
  void sleep_until(int64_t time_ns) noexcept override { now = std::max(now, time_ns); }
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns; }
  bool simulated() const noexcept override { return false; }
  int64_t now = 5 * kStopSecond;
};

// Follows every command; its state can be stale, not finite or a fault.
class FlakyArm : public Robot {
 public:
  FlakyArm(Embodiment contract, const Clock& clock)
      : contract_(std::move(contract)), clock_(clock) {}
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    if (!stale) measured_ns_ = clock_.now_ns();
    state.time_ns = measured_ns_;
    state.values[0] = lost ? kNoNumber : at_;
    return faulty ? RobotStatus::kFault : stale ? RobotStatus::kStale : RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    std::ranges::copy(command, sent_.begin());
    at_ = command[0];
    return {};
  }
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override {
    command[0] = at_;
    command[1] = 0;
  }
  RobotStatus stop() noexcept override {
    ++stops;
    return RobotStatus::kOk;
  }
  bool stale = false, lost = false, faulty = false;
  int stops = 0;

 private:
  Embodiment contract_;
  const Clock& clock_;
  int64_t measured_ns_ = 0;
  float at_ = 0;
  std::vector<float> sent_ = {0, 0};
};

class FlakyCamera : public Camera {
 public:
  FlakyCamera(CameraSpec spec, const Clock& clock) : inner_(std::move(spec), clock) {}
  const CameraSpec& spec() const noexcept override { return inner_.spec(); }
  PictureRef newest() noexcept override {
    if (gone) return {};
    if (!frozen) last_ = inner_.newest();
    return last_;
  }
  bool frozen = false, gone = false;

 private:
  CountingCamera inner_;
  PictureRef last_;
};

// Answers each question at once: the joint is to go to 0.5, the slide moves by 0.01 an action.
class ReadyPort : public PolicyPort {
 public:
  void reset(uint64_t) noexcept override {}
  bool has_room() const noexcept override { return true; }
  void submit(const Question& q, int64_t) noexcept override {
    ++asked;
    if (silent) return;
    auto chunk = std::make_shared<ActionChunk>();
    chunk->id = q.id;
    chunk->horizon = 6;
    chunk->dim = 2;
    chunk->observation_time_ns = q.frame->time_ns;
    for (int i = 0; i < 6; ++i) chunk->actions.insert(chunk->actions.end(), {0.5F, 0.01F});
    waiting_ = Answer{.request_id = q.id,
                      .generation = q.generation,
                      .chunk = chunk,
                      .request = std::make_shared<RequestRecord>(),
                      .goal = q.goal};
  }
  bool poll(int64_t, Answer& answer) noexcept override {
    if (!waiting_) return false;
    answer = *std::exchange(waiting_, std::nullopt);
    return true;
  }
  double expected_delay() const noexcept override { return 0; }
  bool silent = false;
  int asked = 0;

 private:
  std::optional<Answer> waiting_;
};

class Hand : public CommandSource {
 public:
  Source source() const noexcept override { return Source::kHuman; }
  bool wants_control(const Tick&) noexcept override { return drives; }
  void propose(const Tick&, Proposal& proposal) noexcept override {
    proposal.valid = true;
    proposal.action = {0.1F, 0.02F};
  }
  bool drives = false;
};

// Runs a script by the time since the start, in seconds.
struct StopRig {
  explicit StopRig(LoopConfig c = {}) : config(std::move(c)), arm(contract, clock) {
    sink.pictures = false;
    tape.add(sink);
    policy.emplace(port, contract, config, tape);
    loop.emplace(arm, cameras, clock, tape, &*policy, config);
    loop->add_source(hand);
    loop->set_goals(goals);
  }
  Outcome run(double seconds) {
    auto header = std::make_shared<Header>();
    header->contract = contract;
    const auto goal = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
    const int64_t begin = clock.now;
    return loop->run(header, goal, 1, std::llround(seconds / kStopTick), [&] {
      const double now = static_cast<double>(clock.now - begin) * 1e-9 + kStopTick;
      while (!script.empty() && script.begin()->first <= now + 1e-9) {
        script.begin()->second();
        script.erase(script.begin());
      }
      return false;
    });
  }
  void order(event::Order order) { tape.post({.author = "ann", .body = event::Ordered{order}}); }
  // After run(): the step that began this long after the start.
  const std::vector<Step>& steps() {
    if (steps_.empty()) {
      tape.close();
      steps_ = sink.steps();
    }
    return steps_;
  }
  const Step& at(double seconds) {
    return steps().at(static_cast<size_t>(std::llround(seconds / kStopTick)));
  }

  LoopConfig config;
  Embodiment contract = small_arm(kStopTick);
  TestClock clock;
  FlakyArm arm;
  FlakyCamera camera{contract.cameras[0], clock};
  std::array<Camera*, 1> cameras{&camera};
  Tape tape{contract, Tape::WhenFull::kDrop};
  ListSink sink;
  ReadyPort port;
  std::optional<PolicySource> policy;
  std::optional<ControlLoop> loop;
  Hand hand;
  GoalBox goals;
  std::multimap<double, std::function<void()>> script;

 private:
  std::vector<Step> steps_;
};

TEST(Stops, AStaleStateIsHeldAndMotionResumesAfterASecondOfFreshData) {
  StopRig rig;
  rig.script = {{1, [&] { rig.arm.stale = true; }}, {2, [&] { rig.arm.stale = false; }}};
  rig.run(5);
  EXPECT_EQ(rig.at(1.1).mode, Mode::kPolicy) << "0.2 s is no reason yet";
  const Step& held = rig.at(1.3);
  EXPECT_EQ(held.mode, Mode::kFallback);
  EXPECT_TRUE(held.reasons.has(Reason::kStaleState));
  EXPECT_EQ(held.sent[1], 0) << "it holds";
  EXPECT_EQ(rig.at(2.9).mode, Mode::kFallback) << "fresh for less than a second";
  const Step& resumed = rig.at(3.1);
  EXPECT_EQ(resumed.mode, Mode::kPolicy);
  EXPECT_TRUE(resumed.reasons.has(Reason::kSoftStart));
  EXPECT_LT(resumed.sent[1], resumed.of(Source::kPolicy).action[1]) << "gently";
  EXPECT_GT(resumed.chunk_id, rig.at(1.1).chunk_id) << "by a chunk of a new frame";
  EXPECT_LT(resumed.chunk_age_ns, kStopSecond);
  EXPECT_FALSE(rig.at(4).reasons.has(Reason::kSoftStart));
  EXPECT_EQ(rig.arm.stops, 0);
}

TEST(Stops, AGoalForATimeGivesWayToTheNextByItself) {
  StopRig rig;
  const auto coached = std::make_shared<const Goal>(Goal{.id = 1000, .subtask = "grasp"});
  const auto task = std::make_shared<const Goal>(Goal{.id = 2000, .task = "tidy up"});
  int64_t given_ns = 0;
  rig.script = {{1, [&] {
                   given_ns = rig.clock.now_ns();
                   rig.goals.give(
                       {.goal = coached, .then = task, .until_ns = given_ns + kStopSecond});
                 }}};
  rig.run(3);
  EXPECT_EQ(rig.at(1.9).goal_id, 1000);
  EXPECT_EQ(rig.at(2.1).goal_id, 2000);
}

TEST(Stops, AStateThatIsNotFiniteIsStale) {
  StopRig rig;
  rig.script = {{1, [&] { rig.arm.lost = true; }}};
  rig.run(1.5);
  EXPECT_EQ(rig.at(1.1).mode, Mode::kFallback);
  EXPECT_TRUE(rig.at(1.1).reasons.has(Reason::kStaleState));
}

TEST(Stops, AFrozenOrVanishedCameraIsHeld) {
  for (const bool gone : {false, true}) {
    StopRig rig;
    rig.script = {{1, [&] { (gone ? rig.camera.gone : rig.camera.frozen) = true; }},
                  {4, [&] { rig.camera.frozen = rig.camera.gone = false; }}};
    rig.run(6);
    EXPECT_EQ(rig.at(1.9).mode, Mode::kPolicy);
    EXPECT_EQ(rig.at(2.1).mode, Mode::kFallback);
    EXPECT_TRUE(rig.at(2.1).reasons.has(Reason::kStalePicture));
    EXPECT_EQ(rig.at(4.9).mode, Mode::kFallback);
    EXPECT_EQ(rig.at(5.1).mode, Mode::kPolicy);
    const auto modes = rig.sink.events<event::ModeChanged>();
    EXPECT_TRUE(std::ranges::any_of(
        modes, [](const auto& change) { return change.cause == Name("stale picture"); }));
  }
}

TEST(Stops, ALongHoldInMidMotionIsAStopThatOnlyAPersonClears) {
  StopRig rig({.hold_limit_s = 2});
  rig.script = {{1, [&] { rig.port.silent = true; }},
                {6, [&] { rig.port.silent = false; }},
                {7, [&] { rig.order(event::Order::kClear); }},
                {8, [&] { rig.order(event::Order::kResume); }}};
  rig.run(9);
  EXPECT_EQ(rig.at(2).mode, Mode::kFallback);
  EXPECT_EQ(rig.at(4).mode, Mode::kStopped);
  EXPECT_EQ(rig.at(6.5).mode, Mode::kStopped) << "the cause is gone, the stop is not";
  EXPECT_EQ(rig.at(7.5).mode, Mode::kPaused);
  EXPECT_EQ(rig.at(8.5).mode, Mode::kPolicy);
  EXPECT_TRUE(rig.at(8.1).reasons.has(Reason::kSoftStart));
  EXPECT_EQ(rig.arm.stops, 1);
}

TEST(Stops, ARobotThatNeverMovedMayWaitForItsFirstChunk) {
  StopRig rig({.hold_limit_s = 2});
  rig.port.silent = true;
  rig.run(4);
  EXPECT_EQ(rig.at(3.9).mode, Mode::kFallback);
}

TEST(Stops, AFaultIsToldOnceAndStopsUntilItIsGoneAndCleared) {
  StopRig rig;
  rig.script = {{1, [&] { rig.arm.faulty = true; }},
                {2, [&] { rig.order(event::Order::kClear); }},
                {3, [&] { rig.arm.faulty = false; }},
                {3.5, [&] { rig.order(event::Order::kResume); }},
                {4, [&] { rig.order(event::Order::kClear); }},
                {4.5, [&] { rig.order(event::Order::kResume); }}};
  EXPECT_TRUE(rig.run(5.5).faulted);
  EXPECT_EQ(rig.at(1.1).mode, Mode::kStopped);
  EXPECT_EQ(rig.at(2.5).mode, Mode::kStopped) << "it was cleared, but the fault is still there";
  EXPECT_EQ(rig.at(3.9).mode, Mode::kStopped) << "a resume clears nothing";
  EXPECT_EQ(rig.at(4.2).mode, Mode::kPaused);
  EXPECT_EQ(rig.at(5).mode, Mode::kPolicy);
  EXPECT_EQ(rig.sink.events<event::Fault>().size(), 2U) << "told again after it was cleared";
}

TEST(Stops, APersonIsHeldTooWhileTheStateIsUnknown) {
  StopRig rig;
  rig.hand.drives = true;
  rig.script = {{1, [&] { rig.arm.stale = true; }}, {2, [&] { rig.arm.stale = false; }}};
  rig.run(3);
  EXPECT_EQ(rig.at(0.9).mode, Mode::kHuman);
  EXPECT_EQ(rig.at(1.5).mode, Mode::kFallback);
  EXPECT_EQ(rig.at(1.5).sent[1], 0);
  EXPECT_EQ(rig.at(2.1).mode, Mode::kHuman);
}

TEST(Stops, NewWordsDropTheChunkOfTheOldGoal) {
  StopRig rig;
  const auto goal = std::make_shared<const Goal>(Goal{.id = 2, .task = "wash up"});
  rig.script = {{1, [&] { rig.port.silent = true; }},
                {1.05, [&] { EXPECT_TRUE(rig.goals.give(goal)); }},
                {2.5, [&] { rig.port.silent = false; }}};
  rig.run(4.5);
  EXPECT_EQ(rig.at(1.04).mode, Mode::kPolicy);
  EXPECT_EQ(rig.at(1.1).mode, Mode::kFallback) << "nothing of the old goal is carried out";
  EXPECT_EQ(rig.at(1.1).goal_id, 2);
  EXPECT_EQ(rig.at(4.4).mode, Mode::kPolicy);
  ASSERT_EQ(rig.sink.events<event::GoalSet>().back().goal_id, 2);
}

TEST(Stops, AClockThatIsPutBackDoesNotStopTheLoop) {
  StopRig rig;
  rig.script = {{1, [&] { rig.clock.now -= 3600 * kStopSecond; }}};
  EXPECT_EQ(rig.run(4).ticks, 400);
  EXPECT_LT(rig.at(3.9).time_ns, 0) << "it goes by the new time";
  EXPECT_EQ(rig.at(3.9).mode, Mode::kPolicy);
}

TEST(Stops, AfterAClockThatRanBackTheRobotHoldsUntilDataAreFreshByIt) {
  StopRig rig;
  rig.script = {{1, [&] { rig.clock.now -= kStopSecond / 10; }}};
  rig.run(3);
  EXPECT_EQ(rig.at(0.9).mode, Mode::kPolicy);
  EXPECT_EQ(rig.at(1.05).mode, Mode::kFallback) << "nobody knows how old the chunk in use is";
  EXPECT_EQ(rig.at(1.9).mode, Mode::kFallback);
  EXPECT_EQ(rig.at(2.2).mode, Mode::kPolicy);
  EXPECT_EQ(rig.sink.events<event::Alarm>().size(), 1U);
}

TEST(Stops, ALoopMayBeginPaused) {
  StopRig rig;
  rig.loop->begin_paused();
  rig.script = {{1, [&] { rig.order(event::Order::kResume); }}};
  rig.run(2);
  EXPECT_EQ(rig.at(0.5).mode, Mode::kPaused);
  EXPECT_EQ(rig.at(1.9).mode, Mode::kPolicy);
}

}  // namespace
}  // namespace gyre::run
