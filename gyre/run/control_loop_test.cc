#include "gyre/run/control_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/allocation_counter.h"
#include "gyre/policy/agreed_draw.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

const std::array<float, 2> kHolds = {0.25F, 0};  // where the small arm starts

TEST(ControlLoop, ExecutesPartOfEachChunkThenLooksAgain) {
  Rig rig({.execute = 4});
  rig.run(10);
  const std::vector<Step> steps = rig.end().steps();
  ASSERT_EQ(steps.size(), 10U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(steps[i].tick, i);
    EXPECT_EQ(steps[i].chunk_id, i / 4);
    EXPECT_EQ(steps[i].chunk_index, i % 4);
    EXPECT_EQ(steps[i].mode, Mode::kPolicy);
    EXPECT_EQ(steps[i].sent,
              std::vector<float>(rig.robot.commands[i].begin(), rig.robot.commands[i].end()));
    EXPECT_EQ(steps[i].of(Source::kPolicy).action, steps[i].sent);
  }
}

TEST(ControlLoop, TheFirstChunkLosesNoActionToItsDelay) {
  Rig rig({.execute = 3, .method = "naive", .delay_ticks = 2});
  const Outcome outcome = rig.run(11);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_EQ(steps[0].source, Source::kFallback);
  EXPECT_TRUE(steps[1].reasons.has(Reason::kLate));
  EXPECT_EQ(rig.robot.commands[1], kHolds) << "holds until a chunk is there";
  // A later one is entered after the two actions that were sent while it was computed.
  const std::array<int, 9> indices = {0, 1, 2, 2, 3, 4, 2, 3, 4};
  for (int i = 2; i < 11; ++i) {
    EXPECT_EQ(steps[i].source, Source::kPolicy);
    EXPECT_EQ(steps[i].chunk_index, indices[i - 2]) << i;
  }
  EXPECT_EQ(outcome.held_ticks, 0) << "counted from the first action on";
}

TEST(ControlLoop, AChunkOfWhichNoActionIsLeftIsDroppedAndSaysSo) {
  Rig rig({.execute = 3, .method = "naive", .in_flight = 1, .delay_ticks = 6});
  const Outcome outcome = rig.run(20);
  EXPECT_EQ(outcome.dropped_chunks, 1) << "all six actions were sent while it was computed";
  const std::vector<Step> steps = rig.end().steps();
  for (int i = 0; i < 20; ++i) {
    const bool drives = (i >= 6 && i < 12) || i >= 18;
    EXPECT_EQ(steps[i].source, drives ? Source::kPolicy : Source::kFallback) << i;
  }
  EXPECT_EQ(outcome.held_ticks, 6);
  EXPECT_EQ(std::ssize(rig.sink.events<event::ChunkDropped>()), outcome.dropped_chunks);
}

TEST(ControlLoop, DrawsAreRecordedWithWhatTheyWereChosenBy) {
  Rig rig({.execute = 2, .method = "draws", .draws = 5, .delay_ticks = 1});
  rig.run(6, 11);
  rig.end();
  std::vector<RequestPtr> requests;
  std::vector<ChunkPtr> chunks;
  for (const Record& record : rig.sink.records) {
    if (const auto* r = std::get_if<RequestPtr>(&record.shared)) requests.push_back(*r);
    if (const auto* c = std::get_if<ChunkPtr>(&record.shared)) chunks.push_back(*c);
  }
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[0]->draws, 1) << "there was nothing to agree with";
  EXPECT_TRUE(requests[0]->previous.empty());
  const RequestRecord& second = *requests[1];
  EXPECT_EQ(second.draws, 5);
  EXPECT_EQ(second.delay, 1);
  EXPECT_EQ(second.previous_chunk_id, 0);
  ASSERT_EQ(second.previous.size() % 2, 0U);
  // The chunk can be computed again from the record.
  std::vector<ActionChunk> draws;
  for (int draw = 0; draw < 5; ++draw) {
    Rng noise = Request{.id = second.id, .noise_seed = second.noise_seed}.noise(draw);
    draws.push_back(rig.engine.chunk_from(noise));
  }
  EXPECT_EQ(chunks[1]->actions, agreed_draw(draws, second.previous, rig.contract).actions);
}

TEST(ControlLoop, WhileAnAnswerIsUnderWayTheNextChunkAgreesWithThatOne) {
  Rig rig({.execute = 2, .method = "draws", .in_flight = 3, .delay_ticks = 4});
  rig.run(8);
  rig.end();
  std::vector<RequestPtr> requests;
  std::vector<ChunkPtr> chunks;
  for (const Record& record : rig.sink.records) {
    if (const auto* r = std::get_if<RequestPtr>(&record.shared)) requests.push_back(*r);
    if (const auto* c = std::get_if<ChunkPtr>(&record.shared)) chunks.push_back(*c);
  }
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[1]->previous_chunk_id, 0);
  EXPECT_EQ(requests[1]->previous, chunks[0]->actions) << "none of it was sent by then";
  EXPECT_EQ(requests[1]->draws, 8);
}

TEST(ControlLoop, MethodsDoTheSameWithoutDelay) {
  const auto commands = [](const char* method) {
    Rig rig({.execute = 2, .method = method});
    rig.run(12, 3);
    return rig.robot.commands;
  };
  const auto naive = commands("naive");
  for (const char* method : {"wait", "aligned", "draws", "guided"}) {
    EXPECT_EQ(commands(method), naive) << method;
  }
  EXPECT_NE(commands("ensemble"), naive);
}

TEST(ControlLoop, ContinuingAChunkNeedsAPolicyThatIsTrainedForIt) {
  Rig rig({.method = "trained"});
  EXPECT_THROW(rig.begin(), Error);
}

TEST(ControlLoop, RandomDelaysAndLossesAreDrawnByTheSeed) {
  const auto chunks = [](uint64_t seed) {
    Rig rig({.execute = 2,
             .in_flight = 3,
             .max_age_s = 1,
             .delay_ticks = 2,
             .jitter_ticks = 2,
             .loss = 0.2});
    rig.run(60, seed);
    std::vector<std::pair<int64_t, int>> used;  // chunk and index
    for (const Step& step : rig.end().steps()) {
      if (step.chunk_id >= 0) used.emplace_back(step.chunk_id, step.chunk_index);
    }
    return used;
  };
  const auto once = chunks(5);
  EXPECT_EQ(once, chunks(5));
  EXPECT_NE(once, chunks(6));
  EXPECT_TRUE(std::ranges::is_sorted(once)) << "never back to an older one";
  EXPECT_GT(once.back().first, 10);
}

TEST(ControlLoop, LockStepIsAFunctionOfTheSeed) {
  const auto commands = [](uint64_t seed, int slow_ms) {
    Rig rig({.execute = 3, .delay_ticks = 1});
    rig.engine.slow_ms = slow_ms;
    rig.run(12, seed);
    return rig.robot.commands;
  };
  EXPECT_EQ(commands(5, 0), commands(5, 3)) << "how long inference takes changes nothing";
  EXPECT_NE(commands(5, 0), commands(6, 0));
}

TEST(ControlLoop, ASecondAttemptIsTheSameAsAFirst) {
  Rig rig({.execute = 3});
  rig.run(7, 4);
  rig.run(7, 4);
  const std::vector<Step> steps = rig.end().steps();
  ASSERT_EQ(steps.size(), 14U);
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(steps[i + 7].of(Source::kPolicy).action, steps[i].of(Source::kPolicy).action);
    EXPECT_EQ(steps[i + 7].tick, steps[i].tick + 7) << "ticks count over the whole tape";
    EXPECT_EQ(steps[i + 7].index, steps[i].index);
  }
}

TEST(ControlLoop, PicturesAreDrawnOnlyWhereSomebodyLooks) {
  for (const bool looks : {false, true}) {
    Rig rig({.execute = 3});
    rig.sink.pictures = looks;
    rig.run(6);
    EXPECT_EQ(rig.cameras[0]->asked, looks ? 6 : 2);
    EXPECT_EQ(rig.end().count(RecordKind::kPicture), looks ? 6 : 0);
  }
}

TEST(ControlLoop, ARequestNamesAllThatItsChunkWasComputedFrom) {
  Rig rig({.execute = 3});
  rig.run(6, 11);
  rig.end();
  std::vector<RequestPtr> requests;
  std::vector<ChunkPtr> chunks;
  for (const Record& record : rig.sink.records) {
    if (const auto* r = std::get_if<RequestPtr>(&record.shared)) requests.push_back(*r);
    if (const auto* c = std::get_if<ChunkPtr>(&record.shared)) chunks.push_back(*c);
  }
  ASSERT_EQ(requests.size(), 2U);
  ASSERT_EQ(chunks.size(), 2U);
  const RequestRecord& second = *requests[1];
  EXPECT_EQ(second.id, 1);
  EXPECT_EQ(chunks[1]->id, 1);
  EXPECT_EQ(second.frame_time_ns, chunks[1]->observation_time_ns);
  EXPECT_EQ(second.prompt, "tidy up");
  EXPECT_EQ(second.goal_id, 7);
  EXPECT_EQ(second.noise_seed, 11U);
  EXPECT_EQ(second.engine, "small");
  EXPECT_EQ(second.policy_hash, "0123456789abcdef");
  EXPECT_FALSE(second.shadow);
  ASSERT_EQ(second.pictures.size(), 1U);
  for (const Record& record : rig.sink.records) {
    if (record.kind != RecordKind::kPicture || record.picture.picture->id != second.pictures[0].id)
      continue;
    EXPECT_EQ(second.pictures[0].pixel_hash, pixel_hash(record.picture.picture->image));
  }
  EXPECT_EQ(second.pictures[0].reused_id, -1);
  Rng noise = Request{.id = 1, .noise_seed = 11}.noise();
  EXPECT_EQ(chunks[1]->actions[0], static_cast<float>(noise.uniform(0, 0.4)));
}

TEST(ControlLoop, NanNeverReachesTheRobot) {
  SimulatedClock clock;
  Rig rig;
  rig.engine.poisoned = true;
  auto inner = std::make_unique<SmallArm>(rig.contract, &clock);
  SmallArm& arm = *inner;
  FilteredRobot filtered(std::move(inner));
  rig.begin(&filtered);
  rig.run(8);
  EXPECT_EQ(arm.commands.size(), 8U);
  for (const auto& command : arm.commands) EXPECT_TRUE(std::isfinite(command[0]));
  const Step step = rig.end().steps()[3];
  EXPECT_TRUE(step.reasons.has(Reason::kNonFinite));
  EXPECT_TRUE(std::isnan(step.of(Source::kPolicy).action[0])) << "what it wanted is on record";
  EXPECT_EQ(step.sent[0], arm.commands[3][0]);
}

// Wants control in ticks 3, 4 and 5.
class ThreeTicks : public CommandSource {
 public:
  Source source() const noexcept override { return Source::kHuman; }
  bool wants_control(const Tick& tick) noexcept override {
    return tick.index >= 3 && tick.index < 6;
  }
  void propose(const Tick&, Proposal& proposal) noexcept override {
    proposal.valid = true;
    proposal.action[0] = 0.9F;
    proposal.action[1] = 0.5F;
  }
};

TEST(ControlLoop, APersonTakesOverAndGivesBackWhileThePolicysProposalIsRecorded) {
  for (const bool shadow : {true, false}) {
    Rig rig({.execute = 6, .shadow = shadow});
    ThreeTicks hand;
    rig.begin();
    rig.loop->add_source(hand);
    rig.run(8);
    const std::vector<Step> steps = rig.end().steps();
    for (int i = 0; i < 8; ++i) {
      const bool helped = i >= 3 && i < 6;
      EXPECT_EQ(steps[i].mode, helped ? Mode::kHuman : Mode::kPolicy);
      EXPECT_EQ(steps[i].source, helped ? Source::kHuman : Source::kPolicy);
      EXPECT_EQ(steps[i].of(Source::kPolicy).valid, !helped || shadow) << i;
      EXPECT_EQ(steps[i].of(Source::kHuman).valid, helped);
    }
    EXPECT_EQ(steps[4].sent[0], 0.9F);
    EXPECT_EQ(steps[6].chunk_index, 0) << "the policy looks afresh";
    const auto modes = rig.sink.events<event::ModeChanged>();
    ASSERT_EQ(modes.size(), 2U);
    EXPECT_EQ(modes[0].to, Mode::kHuman);
    EXPECT_EQ(modes[1].to, Mode::kPolicy);
    int shadows = 0;
    for (const Record& record : rig.sink.records) {
      const auto* request = std::get_if<RequestPtr>(&record.shared);
      shadows += request != nullptr && (*request)->shadow;
    }
    EXPECT_EQ(shadows, shadow ? 1 : 0) << "asked at the policy's own rate";
  }
}

TEST(ControlLoop, AnOrderToTakeOverNamesTheDriverAndHeartbeatsTakeOver) {
  Rig rig({.execute = 6});
  ThreeTicks hand;
  rig.begin();
  rig.loop->add_source(hand);
  rig.tape->post({.author = "ann", .body = event::Ordered{event::Order::kTakeOver}});
  rig.run(8);
  const std::vector<Step> steps = rig.end().steps();
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(steps[i].mode, i >= 3 && i < 6 ? Mode::kHuman : Mode::kPolicy) << i;
  }
  const auto modes = rig.sink.events<event::ModeChanged>();
  ASSERT_EQ(modes.size(), 2U);
  EXPECT_EQ(modes[0].cause, Name("ann"));
  EXPECT_EQ(modes[1].cause, Name("loop")) << "it ends by itself";
}

TEST(ControlLoop, AFailedInferenceIsAnEventAndTheRobotHoldsUntilThereIsAChunk) {
  Rig rig;
  rig.engine.fails = true;
  const Outcome outcome = rig.run(3);
  EXPECT_EQ(outcome.ticks, 3);
  EXPECT_GT(outcome.failed_inferences, 0);
  EXPECT_NE(outcome.failure.view().find("out of memory"), std::string::npos);
  for (const auto& command : rig.robot.commands) EXPECT_EQ(command, kHolds);
  EXPECT_FALSE(outcome.faulted);
  rig.engine.fails = false;
  rig.run(8);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_EQ(steps[2].mode, Mode::kFallback);
  EXPECT_EQ(steps.back().mode, Mode::kPolicy) << "nothing is latched";
  EXPECT_GT(rig.sink.events<event::InferenceFailed>().size(), 0U);
}

TEST(ControlLoop, ARobotThatRefusesACommandIsStoppedAndTheLoopGoesOn) {
  Rig rig;
  rig.robot.fails_at = 3;
  const Outcome outcome = rig.run(10);
  EXPECT_EQ(outcome.ticks, 10);
  EXPECT_TRUE(outcome.faulted);
  EXPECT_EQ(rig.robot.stops, 1);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_TRUE(steps[2].reasons.has(Reason::kFault));
  for (size_t i = 3; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].mode, Mode::kStopped);
    EXPECT_EQ(steps[i].source, Source::kFallback);
  }
  EXPECT_EQ(rig.sink.events<event::Fault>().size(), 1U);
}

TEST(ControlLoop, AHoldThatIsNotFiniteStopsTheRobotBeforeItIsSent) {
  SimulatedClock clock;
  Rig rig;
  auto inner = std::make_unique<SmallArm>(rig.contract, &clock);
  inner->lost_at = 2;
  SmallArm& arm = *inner;
  FilteredRobot filtered(std::move(inner));
  rig.begin(&filtered);
  rig.run(6);
  EXPECT_EQ(arm.commands.size(), 2U);
  EXPECT_GT(arm.stops, 0);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_TRUE(steps[2].reasons.has(Reason::kHoldNonFinite));
  EXPECT_EQ(steps[3].mode, Mode::kStopped);
}

TEST(ControlLoop, StoppedByAPersonHoldsAndGoesOn) {
  Rig rig;
  rig.begin();
  const auto order = [&](event::Order order) {
    rig.tape->post({.author = "ann", .body = event::Ordered{order}});
  };
  order(event::Order::kStop);
  EXPECT_EQ(rig.run(5).ticks, 5);
  for (const auto& command : rig.robot.commands) EXPECT_EQ(command, kHolds);
  order(event::Order::kClear);
  order(event::Order::kResume);
  rig.run(2);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_EQ(steps[0].mode, Mode::kStopped);
  EXPECT_EQ(steps.back().mode, Mode::kPolicy);
}

TEST(ControlLoop, EventsOfOtherThreadsTakeEffectAtTheStartOfATick) {
  Rig rig;
  rig.begin();
  std::vector<std::jthread> people;
  for (int person = 0; person < 4; ++person) {
    people.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        rig.tape->post({.author = "ann", .body = event::Said{"slower, please"}});
      }
    });
  }
  people.clear();
  rig.run(2);
  rig.end();
  EXPECT_EQ(rig.sink.events<event::Said>().size(), 400U);
  int64_t steps = 0;
  for (const Record& record : rig.sink.records) {
    if (record.kind == RecordKind::kStep) ++steps;
    const bool said =
        record.kind == RecordKind::kEvent && std::holds_alternative<event::Said>(record.event.body);
    if (!said) continue;
    EXPECT_EQ(steps, 0) << "before the first command";
    EXPECT_EQ(record.tick, 0) << "stamped with the tick it took effect in";
  }
}

TEST(ControlLoop, ThinkingCostsOnePassOverItsOwnPrompt) {
  Rig rig({.execute = 5, .think = true});
  rig.run(40);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_EQ(rig.engine.subtask_passes, 4) << "once a second";
  EXPECT_EQ(rig.engine.action_passes, 8) << "one a chunk";
  std::vector<GoalPtr> goals;
  for (const Record& record : rig.sink.records) {
    if (const auto* goal = std::get_if<GoalPtr>(&record.shared)) goals.push_back(*goal);
  }
  ASSERT_EQ(goals.size(), 2U) << "the task, and the one subtask that was thought again and again";
  EXPECT_EQ(goals[1]->subtask, "step of tidy up") << "the question is about the task";
  EXPECT_EQ(steps.back().goal_id, goals[1]->id);
}

TEST(ControlLoop, TheSubtaskOfOneAttemptDoesNotLeakIntoTheNext) {
  Rig rig({.execute = 5, .think = true});
  rig.run(1);
  rig.run(1);
  EXPECT_EQ(rig.engine.subtask_passes, 2) << "asked anew, within the same second too";
  rig.run(1, 1, "wash up");
  rig.end();
  GoalPtr last;
  for (const Record& record : rig.sink.records) {
    if (const auto* goal = std::get_if<GoalPtr>(&record.shared)) last = *goal;
  }
  EXPECT_EQ(last->subtask, "step of wash up");
}

TEST(ControlLoop, SeveralControlPeriodsToAnAction) {
  Rig rig({.execute = 2}, small_arm(0.02));
  rig.run(20);
  const std::vector<Step> steps = rig.end().steps();
  float delta = 0;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(steps[i].action_start, i % 5 == 0);
    EXPECT_EQ(steps[i].chunk_index, i / 5 % 2);
    EXPECT_EQ(steps[i].chunk_id, i / 10);
    delta += steps[i].sent[1];
  }
  EXPECT_NEAR(delta, 0.02, 1e-6) << "deltas add up to the chunk's: 0 + 0.01 + 0 + 0.01";
  EXPECT_EQ(rig.engine.action_passes, 2);
}

TEST(ControlLoop, RealTimeExecutesWhileTheNextChunkIsComputed) {
  Rig rig({.execute = 3, .real_time = true}, small_arm(0.005));
  rig.engine.slow_ms = 5;
  EXPECT_EQ(rig.run(160).ticks, 160);
  const std::vector<Step> steps = rig.end().steps();
  EXPECT_EQ(steps[0].source, Source::kFallback);
  int64_t last_chunk = -1;  // of how many it lives to see, the machine's other work decides
  for (const Step& step : steps) {
    if (step.source == Source::kPolicy) last_chunk = std::max(last_chunk, step.chunk_id);
  }
  EXPECT_GE(last_chunk, 1);
  for (size_t i = 1; i < steps.size(); ++i) EXPECT_GT(steps[i].time_ns, steps[i - 1].time_ns);
}

TEST(ThreadedPort, TheFirstColdInferenceSaysNothingAboutLatency) {
  Rig rig({.real_time = true}, small_arm(0.005));
  rig.begin();
  rig.engine.slow_ms = 20;
  const auto answer = [&](int64_t id) {
    Frame frame{.state = {0}};
    frame.pictures.resize(1);
    rig.port->submit({.id = id, .frame = &frame, .goal = std::make_shared<const Goal>()}, 0);
    Answer answer;
    while (!rig.port->poll(0, answer)) std::this_thread::yield();
  };
  answer(0);
  EXPECT_EQ(rig.port->expected_delay(), 0);
  answer(1);
  EXPECT_GE(rig.port->expected_delay(), 0.2) << "20 ms of 100";
}

#ifdef GYRE_COUNTS_ALLOCATIONS
// Asks, in each tick's judge, how much the control thread has allocated.
class AllocationMonitor : public Monitor {
 public:
  void after(const Step& step, EventSink&) override {
    if (step.index == 60) warm = thread_allocations;
    if (step.index > 60) most = std::max(most, thread_allocations - warm);
  }
  int64_t warm = 0, most = 0;
};

TEST(ControlLoop, ATickOfRealTimeAllocatesNothing) {
  Rig rig({.execute = 2, .method = "draws", .real_time = true}, small_arm(0.001, 2));
  AllocationMonitor monitor;
  rig.begin();
  rig.loop->add_monitor(monitor);
  rig.run(600);
  EXPECT_GT(rig.end().events<event::ChunkArrived>().size(), 1U);
  EXPECT_EQ(monitor.most, 0);
}
#endif

TEST(ControlLoop, RefusesAPolicyOfAnotherContract) {
  Rig rig;
  rig.contract.action[0].max = 0.9;
  EXPECT_THROW(rig.begin(), Error);
}

}  // namespace
}  // namespace gyre::run
