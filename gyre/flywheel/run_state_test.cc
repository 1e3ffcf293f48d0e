#include "gyre/flywheel/run_state.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "gyre/core/error.h"

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
    state.finish("collect", {{"episodes", 80}}, 12.5);
    state.spend("learn", 30);  // interrupted here
  }
  auto state = RunState::find_unfinished(runs_, order_);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->done("collect"));
  EXPECT_EQ(state->result("collect").at("episodes"), 80);
  EXPECT_FALSE(state->done("learn"));
  EXPECT_THROW(state->result("learn"), Error);
  state->finish("learn", {}, 10);
  EXPECT_EQ(state->seconds(),
            (std::vector<std::pair<std::string, double>>{{"collect", 12.5}, {"learn", 40}}));
}

TEST_F(RunStateTest, AFinishedRunOrAnotherOrderIsNotResumed) {
  EXPECT_FALSE(RunState::find_unfinished(runs_, order_));
  RunState state = RunState::create(runs_, order_);
  EXPECT_TRUE(RunState::find_unfinished(runs_, order_));
  EXPECT_FALSE(RunState::find_unfinished(runs_, {{"seed", 2}}));
  state.finish_run();
  EXPECT_FALSE(RunState::find_unfinished(runs_, order_));
}

TEST_F(RunStateTest, TheNewestOfSeveralIsResumedAndADamagedOnePassedOver) {
  RunState::create(runs_, order_);
  const RunState second = RunState::create(runs_, order_);
  EXPECT_EQ(RunState::find_unfinished(runs_, order_)->folder(), second.folder());
  std::ofstream(second.folder() / "state.json") << "{";
  EXPECT_NE(RunState::find_unfinished(runs_, order_)->folder(), second.folder());
}

}  // namespace
}  // namespace gyre::flywheel
