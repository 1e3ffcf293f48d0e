#include "gyre/run/ladder_port.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

constexpr double kLadderTick = 0.01;

// Answers each question `delay` control periods later, with chunks whose joint goes to `joint`.
class DelayedPort : public PolicyPort {
 public:
  explicit DelayedPort(float joint) : joint_(joint) {}
  void reset(uint64_t) noexcept override { waiting_.clear(); }
  bool has_room() const noexcept override { return room; }
  void submit(const Question& q, int64_t tick) noexcept override {
    ++asked;
    if (delay == kNever) return;
    Answer answer{.request_id = q.id, .generation = q.generation, .goal = q.goal};
    if (fails) {
      answer.failure = "the link is down";
    } else {
      auto chunk = std::make_shared<ActionChunk>();
      chunk->id = q.id;
      chunk->horizon = 10;
      chunk->dim = 2;
      for (int i = 0; i < 10; ++i) chunk->actions.insert(chunk->actions.end(), {joint_, 0.01F});
      answer.chunk = chunk;
      answer.request = std::make_shared<RequestRecord>();
    }
    waiting_.push_back({tick + (fails ? 0 : delay), answer});
  }
  bool poll(int64_t tick, Answer& answer) noexcept override {
    const auto due = std::ranges::find_if(waiting_, [&](const auto& w) { return w.first <= tick; });
    if (due == waiting_.end()) return false;
    answer = due->second;
    waiting_.erase(due);
    return true;
  }
  double expected_delay() const noexcept override {
    return delay == kNever ? 0 : static_cast<double>(delay) * kLadderTick / 0.1;
  }

  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  int64_t delay = 0;
  bool fails = false, room = true;
  int asked = 0;

 private:
  float joint_;
  std::deque<std::pair<int64_t, Answer>> waiting_;
};

struct LadderRig {
  explicit LadderRig(const LadderConfig& config = {}, const char* method = "aligned") {
    loop_config.method = method;
    tape.add(sink);
    ladder.emplace(remote, local, contract, config);
    policy.emplace(*ladder, contract, loop_config, tape);
    loop.emplace(arm, std::span<Camera* const>(), clock, tape, &*policy, loop_config);
  }
  void run(double seconds) {
    auto header = std::make_shared<Header>();
    header->contract = contract;
    const auto goal = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
    outcome = loop->run(header, goal, 1, std::llround(seconds / kLadderTick), [&] {
      const double now = static_cast<double>(clock.now_ns()) * 1e-9;
      while (!script.empty() && script.begin()->first <= now + 1e-9) {
        script.begin()->second();
        script.erase(script.begin());
      }
      return false;
    });
    tape.close();
    steps = sink.steps();
  }
  const Step& at(double seconds) {
    return steps.at(static_cast<size_t>(std::llround(seconds / kLadderTick)));
  }
  // The seconds at which the rung changed to `to`.
  std::vector<double> changes(int to) const {
    std::vector<double> times;
    for (const Record& record : sink.records) {
      if (record.kind != RecordKind::kEvent) continue;
      const auto* rung = std::get_if<event::LinkRung>(&record.event.body);
      if (rung != nullptr && rung->to == to) {
        times.push_back(static_cast<double>(record.tick) * kLadderTick);
      }
    }
    return times;
  }

  Embodiment contract = small_arm(kLadderTick, 0);
  LoopConfig loop_config{.execute = 2, .method = "aligned"};
  SimulatedClock clock;
  SmallArm arm{contract, &clock};
  Tape tape{contract, Tape::WhenFull::kWait};
  ListSink sink;
  DelayedPort remote{0.5F}, local{0.4F};
  std::optional<LadderPort> ladder;
  std::optional<PolicySource> policy;
  std::optional<ControlLoop> loop;
  std::multimap<double, std::function<void()>> script;
  std::vector<Step> steps;
  Outcome outcome;
};

TEST(LadderPort, AGoodLinkNeedsNoLocalPolicy) {
  LadderRig rig;
  rig.remote.delay = 20;
  rig.run(10);
  EXPECT_EQ(rig.local.asked, 0);
  EXPECT_TRUE(rig.changes(1).empty());
}

TEST(LadderPort, AnswersThatNeverComeLeadDownWithoutAGapAndUpAgainWhenTheyDo) {
  LadderRig rig;
  rig.remote.delay = 20;
  rig.script = {{3, [&] { rig.remote.delay = DelayedPort::kNever; }},
                {6, [&] { rig.remote.delay = 20; }}};
  rig.run(14);
  ASSERT_EQ(rig.changes(1).size(), 1U);
  EXPECT_GT(rig.changes(1)[0], 3);
  EXPECT_LT(rig.changes(1)[0], 5);
  ASSERT_EQ(rig.changes(0).size(), 1U);
  EXPECT_GT(rig.changes(0)[0], 6 + 20 * 0.2) << "twenty answers in time";
  EXPECT_EQ(rig.outcome.held_ticks, 0) << "there is always an action due";
  EXPECT_NEAR(rig.at(2.9).sent[0], 0.5, 1e-6);
  EXPECT_NEAR(rig.at(6).sent[0], 0.4, 1e-6) << "the local policy drives";
  EXPECT_NEAR(rig.at(13.9).sent[0], 0.5, 1e-6);
  for (size_t i = 30; i < rig.steps.size(); ++i) {
    EXPECT_LE(std::abs(rig.steps[i].sent[0] - rig.steps[i - 1].sent[0]), 0.05) << "no jump";
  }
}

TEST(LadderPort, OnTheWayUpNoQuestionIsLeftWithoutAnAnswer) {
  LadderRig rig({}, "wait");
  rig.remote.delay = 10;
  rig.local.delay = 20;
  rig.script = {{3, [&] { rig.remote.delay = DelayedPort::kNever; }},
                {6, [&] { rig.remote.delay = 10; }}};
  rig.run(25);
  ASSERT_EQ(rig.changes(0).size(), 1U);
  int64_t held = 0, longest = 0;
  for (const Step& step : rig.steps) {
    held = step.source == Source::kPolicy ? 0 : held + 1;
    if (step.tick > 700) longest = std::max(longest, held);
  }
  EXPECT_LE(longest, 40) << "as long as an answer takes, and not until patience ends";
}

TEST(LadderPort, ALinkThatIsRefusedLeadsDown) {
  LadderRig rig;
  rig.remote.delay = 20;
  rig.script = {{3, [&] { rig.remote.fails = true; }}};
  rig.run(6);
  ASSERT_EQ(rig.changes(1).size(), 1U);
  EXPECT_EQ(rig.outcome.held_ticks, 0);
  EXPECT_NEAR(rig.at(5.9).sent[0], 0.4, 1e-6);
}

TEST(LadderPort, OneLateAnswerAsksTheLocalPolicyInTheShadowAndTwoOfTenLeadDown) {
  LadderRig rig({.late_s = 0.3});
  rig.remote.delay = 20;
  rig.script = {{2, [&] { rig.remote.delay = 40; }}, {2.15, [&] { rig.remote.delay = 20; }}};
  rig.run(16);
  EXPECT_TRUE(rig.changes(1).empty()) << "one late answer is no reason";
  EXPECT_GT(rig.local.asked, 0);
  EXPECT_LT(rig.local.asked, 25) << "twenty in time end the shadow";
  EXPECT_NEAR(rig.at(5).sent[0], 0.5, 1e-6);

  LadderRig twice({.late_s = 0.3});
  twice.remote.delay = 20;
  twice.script = {{2, [&] { twice.remote.delay = 40; }}};
  twice.run(6);
  EXPECT_EQ(twice.changes(1).size(), 1U);
  EXPECT_TRUE(twice.changes(0).empty()) << "late answers do not lead up";
}

TEST(LadderPort, AColdFirstAnswerIsNoReason) {
  LadderRig rig;
  rig.remote.delay = 300;
  rig.script = {{2.9, [&] { rig.remote.delay = 10; }}};
  rig.run(6);
  EXPECT_TRUE(rig.changes(1).empty());
  EXPECT_NEAR(rig.at(5).sent[0], 0.5, 1e-6);
}

TEST(LadderPort, RefusesAConfigThatContradictsItself) {
  LadderRig rig;
  const auto make = [&](const LadderConfig& config) {
    LadderPort port(rig.remote, rig.local, rig.contract, config);
  };
  EXPECT_THROW(make({.late_s = 0}), Error);
  EXPECT_THROW(make({.late_of = 65}), Error);
  EXPECT_THROW(make({.late_of = 3, .late_down = 4}), Error);
  EXPECT_THROW(make({.on_time_up = 0}), Error);
}

}  // namespace
}  // namespace gyre::run
