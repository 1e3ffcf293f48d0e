#include "gyre/run/outcome_sink.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace gyre::run {
namespace {

class OutcomeTape : public ::testing::Test {
 protected:
  void begin(int64_t number, const std::string& words = "lift it") {
    auto header = std::make_shared<Header>();
    header->attempt = true;
    header->episode = {.number = number, .task_name = "lift/cup", .instruction = words};
    put(RecordKind::kHeader, HeaderPtr(header));
    say(words);
  }
  void say(const std::string& words) {
    put(RecordKind::kGoal, std::make_shared<const Goal>(Goal{.task = words}));
  }
  void answer(const std::string& hash) {
    put(RecordKind::kChunk, std::make_shared<const ActionChunk>(ActionChunk{.policy_hash = hash}));
  }
  void event(const Event::Body& body, const char* author = "judge") {
    Record record;
    record.kind = RecordKind::kEvent;
    record.event = {.author = author, .body = body};
    sink.take(record);
  }
  void verdict(event::Outcome outcome, const char* author = "judge") {
    event(event::Verdict{-1, outcome, ""}, author);
  }
  void step(Source source) {
    Record record;
    record.step.source = source;
    sink.take(record);
  }
  template <class T>
  void put(RecordKind kind, const T& shared) {
    Record record;
    record.kind = kind;
    record.shared = shared;
    sink.take(record);
  }

  std::vector<AttemptEnd> ends;
  OutcomeSink sink{[this](const AttemptEnd& end) { ends.push_back(end); }};
};

TEST_F(OutcomeTape, TellsOfAnAttemptOnceItHasEnded) {
  begin(3);
  answer("abc");
  verdict(event::Outcome::kSuccess);
  EXPECT_TRUE(ends.empty());
  event(event::EpisodeEnded{3}, "loop");
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].number, 3);
  EXPECT_EQ(ends[0].policy_hash, "abc");
  EXPECT_EQ(ends[0].success, true);
  EXPECT_FALSE(ends[0].by_person);
  EXPECT_EQ(ends[0].task_name, "lift/cup");
  sink.end();
  EXPECT_EQ(ends.size(), 1U);
}

TEST_F(OutcomeTape, APersonsVerdictStandsAboveTheJudges) {
  begin(1);
  verdict(event::Outcome::kFailure, "ann");
  verdict(event::Outcome::kSuccess);
  begin(2);
  verdict(event::Outcome::kSuccess);
  verdict(event::Outcome::kPartial, "ann");
  sink.end();
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].success, false);
  EXPECT_TRUE(ends[0].by_person);
  EXPECT_EQ(ends[1].success, false) << "a part is not the task";
}

TEST_F(OutcomeTape, WithoutAVerdictTheOutcomeIsMissing) {
  begin(1);
  begin(2);
  verdict(event::Outcome::kUnknown, "ann");
  sink.end();
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].success, std::nullopt);
  EXPECT_EQ(ends[1].success, std::nullopt);
}

TEST_F(OutcomeTape, AnswersOfTwoPoliciesAreNoPolicysAttempt) {
  begin(1);
  answer("a");
  answer("b");
  begin(2);
  answer("b");
  sink.end();
  EXPECT_EQ(ends[0].policy_hash, "");
  EXPECT_EQ(ends[1].policy_hash, "b");
}

TEST_F(OutcomeTape, SaysWhoDroveAndThatTheTaskChanged) {
  begin(1);
  step(Source::kPolicy);
  begin(2);
  step(Source::kHuman);
  say("lift the other one");
  event(event::ScopeOverridden{"lift the other one", "no cell"}, "ann");
  sink.end();
  EXPECT_FALSE(ends[0].helped);
  EXPECT_FALSE(ends[0].overridden);
  EXPECT_TRUE(ends[1].helped);
  EXPECT_TRUE(ends[1].overridden);
  EXPECT_EQ(ends[1].task_name, "");
  EXPECT_EQ(ends[1].words, "lift the other one");
}

}  // namespace
}  // namespace gyre::run
