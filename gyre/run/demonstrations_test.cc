#include "gyre/run/demonstrations.h"

#include <gtest/gtest.h>

#include <vector>

namespace gyre::run {
namespace {

// Ends the present episode at once, as a session does in its next control period.
struct PlayedSession : Operator {
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome outcome, std::string_view, std::string_view) override {
    ++now.episode;
    now.verdicts += outcome == event::Outcome::kUnknown ? 0 : 1;
    now.successes += outcome == event::Outcome::kSuccess ? 1 : 0;
    scene_again.push_back(false);
  }
  bool say(const std::string&, std::string_view) override { return true; }
  bool discard(bool again, std::string_view) override {
    ++now.episode;
    scene_again.push_back(again);
    return true;
  }
  bool beat(std::span<const float>) override { return true; }
  void let_go() override {}
  LoopStatus status() const override { return now; }
  LoopStatus now{.episode = 5};
  std::vector<bool> scene_again;  // of each episode that ended
};

class DemonstrationsTest : public testing::Test {
 protected:
  void pass(double seconds) { clock_.set(clock_.now_ns() + static_cast<int64_t>(seconds * 1e9)); }
  // From a reset to the end of an episode.
  void show(Demonstrations& shown, event::Outcome outcome) {
    EXPECT_TRUE(shown.start());
    EXPECT_TRUE(shown.look());
    EXPECT_TRUE(shown.end(outcome));
    EXPECT_TRUE(shown.look());
  }
  SimulatedClock clock_;
  PlayedSession session_;
};

TEST_F(DemonstrationsTest, KeepTheEpisodesThatEndAndNotTheResetsBetween) {
  Demonstrations shown(session_, clock_, {.episodes = 2});
  show(shown, event::Outcome::kSuccess);
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kResets);
  show(shown, event::Outcome::kFailure);
  EXPECT_TRUE(shown.done());
  EXPECT_EQ(shown.kept(), (std::vector<int64_t>{6, 8}));  // 5 and 7 were resets
}

TEST_F(DemonstrationsTest, AFailureCountsOnlyWhereItIsKept) {
  Demonstrations shown(session_, clock_, {.episodes = 1, .count_failures = false});
  show(shown, event::Outcome::kFailure);
  EXPECT_FALSE(shown.done());
  show(shown, event::Outcome::kSuccess);
  EXPECT_TRUE(shown.done());
}

TEST_F(DemonstrationsTest, WhatIsDiscardedIsNotKept) {
  Demonstrations shown(session_, clock_, {});
  shown.start();
  shown.look();
  EXPECT_TRUE(shown.discard(true));
  EXPECT_FALSE(shown.discard(true));  // it is under way
  EXPECT_TRUE(shown.look());
  EXPECT_TRUE(shown.kept().empty());
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kResets);
  EXPECT_EQ(session_.scene_again, (std::vector<bool>{true, true}));
  show(shown, event::Outcome::kSuccess);
  EXPECT_EQ(shown.kept().size(), 1U);
}

TEST_F(DemonstrationsTest, APageBeginsAnEpisodeAndDropsIt) {
  Demonstrations shown(session_, clock_, {.episodes = 1});
  EXPECT_FALSE(shown.look());
  session_.judge(event::Outcome::kSuccess, "", "page");
  EXPECT_FALSE(shown.look());  // a verdict on a reset is none
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kResets);
  session_.discard(true, "page");
  EXPECT_TRUE(shown.look());
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kRecords);
  session_.discard(true, "page");
  EXPECT_TRUE(shown.look());
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kResets);
  EXPECT_TRUE(shown.kept().empty());
  session_.discard(true, "page");
  shown.look();
  session_.judge(event::Outcome::kSuccess, "", "page");
  shown.look();
  EXPECT_TRUE(shown.done());
  EXPECT_EQ(shown.kept(), (std::vector<int64_t>{9}));
}

TEST_F(DemonstrationsTest, AJudgeMayEndAnEpisodeToo) {
  Demonstrations shown(session_, clock_, {.episodes = 1, .count_failures = false});
  shown.start();
  shown.look();
  session_.judge(event::Outcome::kSuccess, "", "judge");
  EXPECT_TRUE(shown.look());
  EXPECT_TRUE(shown.done());
}

TEST_F(DemonstrationsTest, TheTimerOfAResetBeginsTheNextEpisode) {
  Demonstrations shown(session_, clock_, {.reset_s = 10});
  pass(60);
  EXPECT_FALSE(shown.look());  // the first one waits for the person
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kResets);
  show(shown, event::Outcome::kSuccess);
  pass(9.9);
  EXPECT_FALSE(shown.look());
  EXPECT_NE(shown.words().find("0 s left"), std::string::npos) << shown.words();
  pass(0.2);
  shown.look();
  EXPECT_TRUE(shown.look());
  EXPECT_EQ(shown.phase(), Demonstrations::Phase::kRecords);
}

TEST_F(DemonstrationsTest, NothingIsDoneOutOfTurn) {
  Demonstrations shown(session_, clock_, {});
  EXPECT_FALSE(shown.end(event::Outcome::kSuccess));
  EXPECT_FALSE(shown.discard(false));
  session_.now.episode = -1;  // the session has not begun
  EXPECT_FALSE(shown.start());
  session_.now.episode = 0;
  EXPECT_TRUE(shown.start());
  EXPECT_FALSE(shown.start());
}

}  // namespace
}  // namespace gyre::run
