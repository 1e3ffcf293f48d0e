#include "gyre/run/policy_source.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

// Keeps questions; a test answers them when and in which order it likes.
class ScriptedPort : public PolicyPort {
 public:
  struct Asked {
    int64_t id, generation;
    GoalPtr goal;
    int delay;
    std::vector<float> planned;
  };
  void reset(uint64_t) noexcept override {}
  bool has_room() const noexcept override { return true; }
  void submit(const Question& q, int64_t) noexcept override {
    asked.push_back({q.id, q.generation, q.goal, q.delay, {q.planned.begin(), q.planned.end()}});
  }
  bool poll(int64_t, Answer& answer) noexcept override {
    if (answers.empty()) return false;
    answer = answers.front();
    answers.pop_front();
    return true;
  }
  double expected_delay() const noexcept override { return delay; }

  // Six actions: the joint goes to `joint`, the slide moves by hundredths of the action's index.
  void answer(size_t question, float joint) {
    const Asked& q = asked.at(question);
    auto chunk = std::make_shared<ActionChunk>();
    chunk->id = q.id;
    chunk->horizon = 6;
    chunk->dim = 2;
    for (int i = 0; i < 6; ++i) {
      chunk->actions.insert(chunk->actions.end(), {joint, 0.01F * static_cast<float>(i)});
    }
    Answer answer{.request_id = q.id, .generation = q.generation, .chunk = chunk, .goal = q.goal};
    answer.request = std::make_shared<RequestRecord>();
    answers.push_back(answer);
  }

  std::vector<Asked> asked;
  std::deque<Answer> answers;
  double delay = 0;
};

struct SourceRig {
  explicit SourceRig(const LoopConfig& config = {}) : tape(contract, Tape::WhenFull::kWait) {
    tape.add(sink);
    source.emplace(port, contract, config, tape);
    step.resize(1, 2, 1);
    frame.state = {0};
    frame.pictures.resize(1);
    source->reset(1, kStart);
  }

  // One control period; true when the policy drove. `held`: its proposal is not sent.
  bool period(bool held = false) {
    Tick tick{.tick = now,
              .index = now,
              .time_ns = now * 100'000'000,
              .period = now,
              .frame = &frame,
              .goal = goal.get()};
    tape.begin_tick(now, tick.time_ns);
    source->take_answers(tick);
    const bool may_ask = source->wants_frame(tick);
    Proposal& proposal = step.of(Source::kPolicy);
    source->propose(tick, goal, may_ask, false, proposal);
    const bool drives = proposal.valid && !held;
    step.source = drives ? Source::kPolicy : Source::kFallback;
    step.sent = drives ? proposal.action : kStart;
    source->describe(step);
    source->sent(step);
    ++now;
    return drives;
  }
  std::vector<std::string> reasons() {
    tape.close();
    std::vector<std::string> all;
    for (const auto& dropped : sink.events<event::ChunkDropped>()) {
      all.emplace_back(dropped.why.view());
    }
    return all;
  }

  const std::vector<float> kStart = {0, 0};
  Embodiment contract = small_arm();
  ListSink sink;
  Tape tape;
  ScriptedPort port;
  std::optional<PolicySource> source;
  GoalPtr goal = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
  Frame frame;
  Step step;
  int64_t now = 0;
};

TEST(PolicySource, AnOlderObservationsAnswerNeverReplacesANewerOnes) {
  SourceRig rig({.execute = 2, .in_flight = 3});
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(rig.period());
  ASSERT_EQ(rig.port.asked.size(), 3U) << "one every two periods, no more than three";
  EXPECT_EQ(rig.port.asked[2].id, 2);
  rig.port.answer(1, 0.5F);
  EXPECT_TRUE(rig.period());
  EXPECT_EQ(rig.step.sent[0], 0.5F);
  rig.port.answer(0, 0.1F);
  rig.port.answer(2, 0.9F);
  EXPECT_TRUE(rig.period());
  EXPECT_EQ(rig.step.sent[0], 0.9F);
  EXPECT_EQ(rig.step.chunk_index, 1) << "one action was sent since its observation";
  EXPECT_EQ(rig.reasons(), std::vector<std::string>{"older than the chunk in use"});
}

TEST(PolicySource, AHoldInBetweenLosesNoAction) {
  SourceRig rig({.execute = 6});
  rig.period();
  rig.port.answer(0, 0.5F);
  rig.period();
  rig.period();
  EXPECT_EQ(rig.step.chunk_index, 1);
  for (int i = 0; i < 3; ++i) rig.period(/*held=*/true);
  rig.period();
  EXPECT_EQ(rig.step.chunk_index, 2);
}

TEST(PolicySource, AnAnswerFromBeforeATakeOverIsDroppedAndToldSo) {
  SourceRig rig;
  rig.period();
  rig.source->clear(rig.kStart);
  rig.port.answer(0, 0.5F);
  EXPECT_FALSE(rig.period());
  EXPECT_EQ(rig.port.asked.size(), 2U) << "and the policy is asked afresh";
  EXPECT_EQ(rig.reasons(), std::vector<std::string>{"asked before control changed hands"});
}

TEST(PolicySource, AnAnswerOfAnEarlierAttemptIsDroppedAndToldSo) {
  SourceRig rig;
  rig.period();
  rig.source->reset(2, rig.kStart);
  rig.port.answer(0, 0.5F);
  EXPECT_FALSE(rig.period());
  EXPECT_EQ(rig.port.asked[1].id, 0) << "questions count from 0 again";
  EXPECT_EQ(rig.reasons(), std::vector<std::string>{"asked in an earlier attempt"});
}

TEST(PolicySource, AnAnswerForAnEarlierGoalIsDroppedAndToldSo) {
  SourceRig rig;
  rig.period();
  rig.goal = std::make_shared<const Goal>(Goal{.id = 2, .task = "wash up"});
  rig.port.answer(0, 0.5F);
  EXPECT_FALSE(rig.period());
  EXPECT_EQ(rig.reasons(), std::vector<std::string>{"asked for an earlier goal"});
}

TEST(PolicySource, ALostAnswerIsAskedForAgainAndALateOneDropped) {
  SourceRig rig({.in_flight = 1, .max_age_s = 1.5});
  for (int i = 0; i < 11; ++i) rig.period();
  ASSERT_EQ(rig.port.asked.size(), 2U) << "after a second without an answer";
  for (int i = 11; i < 18; ++i) rig.period();
  rig.port.answer(0, 0.5F);
  EXPECT_FALSE(rig.period());
  EXPECT_EQ(rig.reasons(),
            (std::vector<std::string>{"no answer came within max_age_s", "older than max_age_s"}));
}

TEST(PolicySource, AChunkThatCannotBeReadIsAFailedInference) {
  const auto refused = [](const auto& spoil) {
    SourceRig rig;
    rig.period();
    rig.port.answer(0, 0.5F);
    Answer& answer = rig.port.answers.back();
    auto chunk = std::make_shared<ActionChunk>(*answer.chunk);
    answer.chunk = chunk;
    spoil(answer, *chunk);
    EXPECT_FALSE(rig.period());
    EXPECT_EQ(rig.source->failures(), 1);
    return std::string(rig.source->failure().view());
  };
  EXPECT_EQ(refused([](Answer&, ActionChunk& chunk) { chunk.dim = 3; }),
            "the chunk's actions have another width than the robot's");
  EXPECT_EQ(refused([](Answer&, ActionChunk& chunk) { chunk.horizon = 7; }),
            "the chunk holds another number of actions than it says");
  EXPECT_EQ(refused([](Answer&, ActionChunk& chunk) { chunk.horizon = 0; }),
            "the chunk has no actions");
  EXPECT_EQ(refused([](Answer& answer, ActionChunk&) { answer.goal = nullptr; }),
            "the answer names no goal or request");
}

TEST(PolicySource, AChunkInUseIsDroppedWhenItGetsTooOld) {
  SourceRig rig({.in_flight = 1, .max_age_s = 0.35});
  rig.period();
  rig.port.answer(0, 0.5F);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rig.period());
  EXPECT_FALSE(rig.period()) << "0.4 s after its observation";
  EXPECT_EQ(rig.reasons().front(), "older than max_age_s, with actions left");
}

TEST(PolicySource, AQuestionTellsWhatWillBeSentUntilItsAnswer) {
  SourceRig rig({.execute = 2});
  rig.period();
  EXPECT_TRUE(rig.port.asked[0].planned.empty());
  EXPECT_EQ(rig.port.asked[0].delay, 0);
  rig.port.answer(0, 0.5F);
  rig.port.delay = 2.5;
  rig.period();
  ASSERT_EQ(rig.port.asked.size(), 2U) << "in time for the answer to be there";
  EXPECT_EQ(rig.port.asked[1].planned.size(), 12U);
  EXPECT_EQ(rig.port.asked[1].planned[3], 0.01F);
  EXPECT_EQ(rig.port.asked[1].delay, 3);
}

TEST(PolicySource, WaitHoldsWhileTheAnswerIsAwaited) {
  SourceRig rig({.execute = 2, .method = "wait"});
  rig.port.delay = 3;
  rig.period();
  rig.port.answer(0, 0.5F);
  EXPECT_TRUE(rig.period());
  EXPECT_TRUE(rig.period());
  EXPECT_EQ(rig.port.asked.size(), 1U) << "not before it has executed two";
  EXPECT_FALSE(rig.period());
  EXPECT_FALSE(rig.period());
  rig.port.answer(1, 0.7F);
  EXPECT_TRUE(rig.period());
  EXPECT_EQ(rig.step.chunk_index, 0);
}

}  // namespace
}  // namespace gyre::run
