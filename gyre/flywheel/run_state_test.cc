#include "gyre/flywheel/run_state.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

class RunStateTest : public ::testing::Test {
 protected:
  RunStateTest() : runs_(fs::temp_directory_path() / ("gyre_runs_" + std::to_string(::getpid()))) {}
  ~RunStateTest() override { fs::remove_all(runs_); }
  fs::path runs_;
  nlohmann::json order_ = {{"seed", 1}};
};

TEST_F(RunStateTest, AnInterruptedRunGoesOnAfterItsLastStage) {
  {
    RunState state = RunState::create(runs_, order_);
    state.begin("collect", "a");
    state.finish("collect", "a", {{"episodes", 80}}, 12.5);
    state.begin("learn", "b");
    state.spend("learn", 30);  // interrupted here
  }
  auto state = RunState::find_unfinished(runs_, order_);
  ASSERT_TRUE(state);
  ASSERT_NE(state->result("collect", "a"), nullptr);
  EXPECT_EQ(state->result("collect", "a")->at("episodes"), 80);
  EXPECT_EQ(state->result("collect", "of other inputs"), nullptr);
  EXPECT_EQ(state->result("learn", "b"), nullptr);
  EXPECT_TRUE(state->begun("learn", "b"));
  EXPECT_FALSE(state->begun("learn", "of other inputs"));
  EXPECT_FALSE(state->begun("collect", "a")) << "it has ended";
  state->finish("learn", "b", {}, 10);
  EXPECT_EQ(state->seconds(),
            (std::vector<std::pair<std::string, double>>{{"collect", 12.5}, {"learn", 40}}));
}

TEST_F(RunStateTest, AStageThatBeginsAgainIsNotDone) {
  RunState state = RunState::create(runs_, order_);
  state.begin("collect", "a");
  state.finish("collect", "a", 1, 0);
  state.begin("collect", "b");
  EXPECT_EQ(state.result("collect", "a"), nullptr);
  EXPECT_TRUE(state.begun("collect", "b"));
}

TEST_F(RunStateTest, ARunInOtherHandsIsNotResumed) {
  {
    const RunState state = RunState::create(runs_, order_);
    EXPECT_FALSE(RunState::find_unfinished(runs_, order_));
  }
  EXPECT_TRUE(RunState::find_unfinished(runs_, order_));
}

TEST_F(RunStateTest, AFinishedRunOrAnotherOrderIsNotResumed) {
  EXPECT_FALSE(RunState::find_unfinished(runs_, order_)) << "there is none";
  RunState::create(runs_, order_);
  EXPECT_FALSE(RunState::find_unfinished(runs_, {{"seed", 2}}));
  RunState::find_unfinished(runs_, order_)->finish_run();
  EXPECT_FALSE(RunState::find_unfinished(runs_, order_));
}

TEST_F(RunStateTest, TheNewestOfSeveralIsResumedAndADamagedOnePassedOver) {
  const fs::path first = RunState::create(runs_, order_).folder();
  const fs::path second = RunState::create(runs_, order_).folder();
  EXPECT_EQ(RunState::find_unfinished(runs_, order_)->folder(), second);
  std::ofstream(second / "state.json") << "{";
  EXPECT_EQ(RunState::find_unfinished(runs_, order_)->folder(), first);
}

}  // namespace
}  // namespace gyre::flywheel
