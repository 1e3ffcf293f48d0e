#include "gyre/run/session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "gyre/core/testing.h"
#include "gyre/run/testing.h"
#include "gyre/run/threaded_port.h"

namespace gyre::run {
namespace {

struct Driven {
  explicit Driven(SessionOptions session_options = {}) : options(std::move(session_options)) {
    options.loop.real_time = true;
    options.real_time = {.priority = 0, .lock_memory = false};
    options.hold_at_end_s = 0.02;
    port.emplace(EngineClient(engine, bench.robot().embodiment(), {}), bench.robot().embodiment());
    session.emplace(bench, &*port, options, [this](int64_t episode) {
      bench.judge().satisfied = bench.judge().over = false;
      episodes = episode;
      return true;
    });
    sink.pictures = false;
    session->add(sink);
  }
  // Waits until the status says so; false after ten seconds.
  template <class Good>
  bool comes_to(const Good& good) const {
    for (int i = 0; i < 10'000; ++i) {
      if (good(session->status())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  bool comes_to(Mode mode) const {
    return comes_to([&](const LoopStatus& status) { return status.mode == mode; });
  }
  int count(event::Order order) const {
    int found = 0;
    for (const event::Ordered& one : sink.events<event::Ordered>()) found += one.order == order;
    return found;
  }

  SessionOptions options;
  SmallBench bench;
  SmallEngine engine{bench.robot().embodiment()};
  std::optional<ThreadedPort> port;
  ListSink sink;
  std::atomic<int64_t> episodes{0};
  std::optional<Session> session;
};

TEST(Session, ObeysOrders) {
  Driven driven;
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  driven.session->order(event::Order::kPause, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kPaused));
  driven.session->order(event::Order::kResume, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  driven.session->order(event::Order::kStop, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kStopped));
  driven.session->order(event::Order::kResume, "anna");
  driven.session->order(event::Order::kClear, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kPaused)) << "a stop is not resumed from";
  driven.session->end();
  EXPECT_FALSE(driven.session->running());
  EXPECT_EQ(driven.sink.steps().back().mode, Mode::kStopped) << "held before the end";
  EXPECT_EQ(driven.count(event::Order::kPause), 1);
  EXPECT_EQ(driven.session->status().lost_records, 0);
  EXPECT_TRUE(driven.sink.events<event::EpisodeEnded>().empty()) << "broken off";
}

TEST(Session, BeginsPausedWhereAPersonDecides) {
  Driven driven({.paused = true});
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.tick > 30; }));
  EXPECT_EQ(driven.session->status().mode, Mode::kPaused);
  driven.session->order(event::Order::kResume, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  driven.session->end();
}

Permission only_tidying(const std::string& words) {
  if (words == "tidy up") return {};
  if (words == "dust") return {.kind = Permission::Kind::kAsk, .why = "rarely tried"};
  if (words == "juggle") {
    return {.kind = Permission::Kind::kOverridden, .why = "no cell", .author = "anna"};
  }
  return {.kind = Permission::Kind::kRefused, .why = "no cell"};
}

TEST(Session, WordsOutsideTheScopeAreNotTaken) {
  Driven driven({.permit = only_tidying});
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  EXPECT_FALSE(driven.session->say("fly", "anna"));
  EXPECT_EQ(driven.session->status().task, "tidy up");
  EXPECT_TRUE(driven.session->say("juggle", "anna"));
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.task == "juggle"; }));
  driven.session->end();
  ASSERT_EQ(driven.sink.events<event::HelpAsked>().size(), 1U);
  EXPECT_EQ(driven.sink.events<event::HelpAsked>()[0].why.view(), "no cell");
  ASSERT_EQ(driven.sink.events<event::ScopeOverridden>().size(), 1U);
  EXPECT_EQ(driven.sink.events<event::ScopeOverridden>()[0].words.view(), "juggle");
}

TEST(Session, AtTheEdgeOfTheScopeAPersonIsAwaited) {
  Driven driven({.permit = only_tidying});
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  EXPECT_TRUE(driven.session->say("dust", "anna"));
  EXPECT_TRUE(driven.comes_to(Mode::kPaused));
  driven.session->order(event::Order::kResume, "anna");
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  driven.session->end();
}

TEST(Session, AScopeWithoutTheScenesEndsIt) {
  Driven driven({.permit = [](const std::string&) {
    return Permission{.kind = Permission::Kind::kRefused, .why = "no cell"};
  }});
  driven.session->begin();
  for (int i = 0; i < 10'000 && driven.session->running(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_FALSE(driven.session->running());
  EXPECT_THROW(driven.session->end(), Error);
}

TEST(Session, AVerdictOfAPersonOrTheJudgeBeginsTheNextEpisode) {
  Driven driven({.first_episode = 5});
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  driven.session->judge(event::Outcome::kFailure, "", "anna");
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.episode == 6; }));
  driven.bench.judge().satisfied = true;
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.episode == 7; }));
  driven.session->end();
  EXPECT_EQ(driven.episodes, 2);
  const auto verdicts = driven.sink.events<event::Verdict>();
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].episode, 5);
  EXPECT_EQ(verdicts[0].outcome, event::Outcome::kFailure);
  EXPECT_EQ(verdicts[1].episode, 6);
  EXPECT_EQ(verdicts[1].outcome, event::Outcome::kSuccess);
  EXPECT_EQ(driven.sink.events<event::EpisodeBegan>().size(), 3U);
  EXPECT_EQ(driven.sink.events<event::EpisodeEnded>().size(), 2U);
}

TEST(Session, NewWordsAreTheGoalAndTheJudgeHasNoSayInThem) {
  Driven driven;
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  EXPECT_TRUE(driven.session->say("close the drawer", "anna"));
  EXPECT_TRUE(
      driven.comes_to([](const LoopStatus& status) { return status.goal == "close the drawer"; }));
  driven.bench.judge().satisfied = true;
  const int64_t now = driven.session->status().tick;
  EXPECT_TRUE(driven.comes_to([&](const LoopStatus& status) { return status.tick > now + 20; }));
  EXPECT_EQ(driven.session->status().verdicts, 0);
  driven.session->judge(event::Outcome::kSuccess, "", "anna");
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.verdicts == 1; }));
  driven.session->end();
  EXPECT_EQ(driven.sink.events<event::Said>().size(), 1U);
}

TEST(Session, WordsForASubtaskHoldUntilTheyAreReleased) {
  Driven driven;
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  EXPECT_TRUE(driven.session->coach("grasp the cup", "anna"));
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) {
    return status.goal == "grasp the cup" && status.task == "tidy up" && status.coached_s > 0;
  }));
  driven.session->remark("well done", "anna");
  EXPECT_EQ(driven.session->status().goal, "grasp the cup");
  driven.session->release("anna");
  EXPECT_TRUE(driven.comes_to(
      [](const LoopStatus& status) { return status.goal == "tidy up" && status.coached_s == 0; }));
  driven.bench.judge().satisfied = true;  // the task is still the bench's
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.verdicts == 1; }));
  driven.session->end();
  ASSERT_EQ(driven.sink.events<event::Said>().size(), 2U);
  EXPECT_EQ(driven.sink.events<event::Said>()[0].words.view(), "grasp the cup");
  EXPECT_EQ(driven.sink.events<event::Said>()[1].words.view(), "well done");
}

TEST(Session, ADiscardedEpisodeHasNoEndAndItsSceneComesAgain) {
  Driven driven;
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  EXPECT_FALSE(driven.session->nudge(*nudge_of("up"), "up", "anna")) << "an arm of joints";
  EXPECT_TRUE(driven.session->discard(true, "anna"));
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.episode == 1; }));
  EXPECT_EQ(driven.episodes, 0) << "the same scene";
  EXPECT_TRUE(driven.session->discard(false, "anna"));
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.episode == 2; }));
  EXPECT_EQ(driven.episodes, 1);
  driven.session->judge(event::Outcome::kPartial, "grasped, not placed", "anna");
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return status.episode == 3; }));
  driven.session->end();
  EXPECT_EQ(driven.sink.events<event::EpisodeEnded>().size(), 1U);
  EXPECT_EQ(driven.sink.events<event::Verdict>().back().reason.view(), "grasped, not placed");
  EXPECT_EQ(driven.session->status().verdicts, 1);
}

TEST(Session, APersonDrivesByHeartbeat) {
  Driven driven;
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to(Mode::kPolicy));
  const float action[] = {-0.7F, 0};
  EXPECT_TRUE(driven.comes_to([&](const LoopStatus& status) {
    EXPECT_TRUE(driven.session->beat(action));
    return status.source == Source::kHuman;
  }));
  EXPECT_TRUE(driven.comes_to(Mode::kPaused)) << "a silent person has let go";
  driven.session->end();
}

class FullDisk : public TapeSink {
 public:
  std::string_view name() const override { return "disk"; }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kStep && record.step.index > 10) {
      throw Error("journal", "the disk is full");
    }
  }
};

TEST(Session, ASinkThatFailsIsAnAlarmAndDrivingGoesOn) {
  Driven driven;
  FullDisk disk;
  driven.session->add(disk);
  driven.session->begin();
  EXPECT_TRUE(driven.comes_to([](const LoopStatus& status) { return !status.alarm.empty(); }));
  const int64_t now = driven.session->status().tick;
  EXPECT_TRUE(driven.comes_to([&](const LoopStatus& status) {
    return status.tick > now + 20 && status.mode == Mode::kPolicy;
  }));
  EXPECT_EQ(message_of([&] { driven.session->end(); }), "journal: the disk is full");
}

TEST(Session, EndsByItselfAndPassesErrorsOn) {
  Driven timed({.seconds = 0.05});
  timed.session->begin();
  EXPECT_TRUE(timed.comes_to(Mode::kStopped));
  timed.session->end();
  EXPECT_GT(timed.session->ticks(), 0);

  SmallBench bench;
  const SessionOptions plain{
      .loop = timed.options.loop, .real_time = timed.options.real_time, .hold_at_end_s = 0.02};
  Session broken(bench, nullptr, plain,
                 [](int64_t) -> bool { throw Error("scene", "cannot be built"); });
  broken.begin();
  while (broken.status().tick < 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  broken.judge(event::Outcome::kFailure, "", "anna");
  while (broken.running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(message_of([&] { broken.end(); }), "scene: cannot be built");
}

}  // namespace
}  // namespace gyre::run
