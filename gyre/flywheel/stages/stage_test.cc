#include "gyre/flywheel/stages/stage.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/error.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

class StageTest : public ::testing::Test {
 protected:
  StageTest() : state_(RunState::create(folder_ / "runs", {{"seed", 1}})) {}

  // A stage that counts how often it runs, and leaves a file.
  int run(const std::string& input, bool finishes = true) {
    Stages stages(state_, [this](const std::string& name) { began_.push_back(name); });
    return stages.run<int>(
        {.name = "count", .inputs = {{"input", input}}, .outputs = {"left.txt"}},
        [&] {
          seen_ = fs::exists(left());
          std::ofstream(left()) << input;
          if (!finishes) stages.interrupt();
          return ++runs_;
        },
        [&](const int&) { return fs::exists(left()); });
  }
  fs::path left() const { return state_.folder() / "left.txt"; }

  testing::TemporaryFolder folder_;
  RunState state_;
  std::vector<std::string> began_;
  int runs_ = 0;
  bool seen_ = false;  // the file was there when the work began
};

TEST_F(StageTest, RunsOnceForTheSameInputs) {
  EXPECT_EQ(run("a"), 1);
  EXPECT_EQ(run("a"), 1);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(began_, std::vector<std::string>{"count"});
}

TEST_F(StageTest, OtherInputsRunItAgainWithoutWhatTheFirstLeft) {
  EXPECT_EQ(run("a"), 1);
  EXPECT_EQ(run("b"), 2);
  EXPECT_FALSE(seen_);
  EXPECT_EQ(run("a"), 3) << "one result is kept";
}

TEST_F(StageTest, WhatWasRemovedOrDamagedIsMadeAgain) {
  EXPECT_EQ(run("a"), 1);
  fs::remove(left());
  EXPECT_EQ(run("a"), 2);
  EXPECT_TRUE(fs::exists(left()));
}

TEST_F(StageTest, AnInterruptedOneGoesOnWithWhatItLeft) {
  EXPECT_THROW(run("a", false), Interrupted);
  EXPECT_EQ(run("a"), 1);
  EXPECT_TRUE(seen_);
  EXPECT_EQ(state_.seconds().size(), 1U);
}

TEST_F(StageTest, AnInterruptedOneWithOtherInputsBeginsAnew) {
  EXPECT_THROW(run("a", false), Interrupted);
  EXPECT_EQ(run("b"), 1);
  EXPECT_FALSE(seen_);
}

TEST_F(StageTest, AStopRequestComesBeforeTheWork) {
  const testing::StopRequest stop;
  stop.send();
  EXPECT_THROW(run("a"), Interrupted);
  EXPECT_EQ(runs_, 0);
  EXPECT_TRUE(began_.empty());
}

// An error is no result.
TEST_F(StageTest, WorkThatFailsRunsAgain) {
  Stages stages(state_, nullptr);
  const auto work = [&]() -> int {
    if (++runs_ == 1) throw Error("disk", "is full");
    return runs_;
  };
  EXPECT_THROW(stages.run<int>({.name = "write"}, work), Error);
  EXPECT_EQ(stages.run<int>({.name = "write"}, work), 2);
}

TEST(StageId, TheKeyIsOverNameVersionAndInputs) {
  const StageId one{.name = "count", .inputs = {{"a", 1}}};
  EXPECT_EQ(one.key().size(), 16U);
  StageId other = one;
  other.outputs = {"somewhere"};
  EXPECT_EQ(other.key(), one.key()) << "where it goes is no input";
  other.version = 2;
  EXPECT_NE(other.key(), one.key());
  EXPECT_NE((StageId{.name = "cont", .inputs = {{"a", 1}}}).key(), one.key());
  EXPECT_NE((StageId{.name = "count", .inputs = {{"a", 2}}}).key(), one.key());
}

}  // namespace
}  // namespace gyre::flywheel
