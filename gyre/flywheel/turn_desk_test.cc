#include "gyre/flywheel/turn_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "gyre/core/testing.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/run_progress.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

using StageSeconds = std::vector<std::pair<std::string, double>>;

// A desk whose program is a shell script: it notes its arguments and waits to be interrupted.
class TurnDeskTest : public ::testing::Test {
 protected:
  TurnDeskTest() {
    testing::write_toy_policy(folder_ / "policy", {0.1F, 0});
    hash_ = enter_policy(runs_, folder_ / "policy");
    script(
        "trap 'echo \"gyre: it was interrupted\" >&2; exit 130' INT\n"
        "echo \"$@\" > " +
        (folder_ / "arguments").string() +
        "\n"
        "while true; do sleep 0.02; done\n");
  }
  ~TurnDeskTest() override {
    if (desk().state().phase == "running") desk().stop();
  }

  void script(const std::string& text) const {
    std::ofstream(folder_ / "program") << "#!/bin/sh\n" << text;
    fs::permissions(folder_ / "program", fs::perms::owner_all);
  }
  TurnDesk desk() const {
    TurnConfig preset = TurnConfig::demo();
    preset.embodiments = {"toy/joint"};
    preset.trained_suite = "known";
    return TurnDesk({.runs = runs_,
                     .program = folder_ / "program",
                     .suites = {"known", "new"},
                     .preset = preset,
                     .driven_robots = [this] { return driven_; }});
  }
  TurnForm form() const {
    return {.policy = hash_,
            .frontier_suite = "new",
            .collect_episodes = 3,
            .trained_episodes = 6,
            .frontier_episodes = 5,
            .minutes = 0.5};
  }
  // Waits for a phase, 10 s at most.
  bool comes_to(const std::string& phase) const {
    for (int i = 0; i < 1000 && desk().state().phase != phase; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return desk().state().phase == phase;
  }
  // Waits for a file with something in it, 10 s at most.
  static bool comes(const fs::path& file) {
    const auto is_there = [&] { return fs::exists(file) && fs::file_size(file) > 0; };
    for (int i = 0; i < 1000 && !is_there(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return is_there();
  }
  // A run's folder, as a turn leaves it.
  void write_run(const std::string& name, bool finished, const StageSeconds& seconds,
                 const json& results) const {
    const fs::path run = runs_ / name;
    fs::create_directories(run);
    const json config = {
        {"trained_episodes", 6},   {"frontier_episodes", 5}, {"collect_episodes", 3},
        {"replay_episodes", 10},   {"replay", ""},           {"record", json::array()},
        {"recipe", "corrections"}, {"learn.minutes", 0.5},   {"learn.steps", 0}};
    std::ofstream(run / "state.json") << json{{"order", {{"config", config}}},
                                              {"finished", finished},
                                              {"seconds", seconds},
                                              {"results", results}};
  }

  testing::TemporaryFolder folder_;
  fs::path runs_ = folder_ / "runs";
  std::string hash_;
  std::vector<std::string> driven_;
};

TEST_F(TurnDeskTest, StartsOneTurnAtATimeAndStopsIt) {
  EXPECT_EQ(desk().state().phase, "none");
  desk().start(form());
  ASSERT_TRUE(comes(folder_ / "arguments"));
  EXPECT_EQ(desk().state().phase, "running") << "another desk finds it";
  EXPECT_TRUE(desk().state().started_here);
  EXPECT_THAT(io::read_text(folder_ / "arguments"),
              HasSubstr("turn --runs " + runs_.string() + " --policy " +
                        (folder_ / "policy").string() + " --frontier-suite new"));
  EXPECT_THAT(message_of([&] { desk().start(form()); }), HasSubstr("one at a time"));
  desk().stop();
  ASSERT_TRUE(comes_to("stopped"));
  EXPECT_EQ(desk().state().problem, "it was interrupted");
  fs::remove(folder_ / "arguments");
  desk().go_on();
  ASSERT_TRUE(comes(folder_ / "arguments"));
  EXPECT_THAT(io::read_text(folder_ / "arguments"), HasSubstr("--collect-episodes 3"));
  desk().stop();
  EXPECT_TRUE(comes_to("stopped"));
  EXPECT_THAT(message_of([&] { desk().stop(); }), HasSubstr("no turn is running"));
}

TEST_F(TurnDeskTest, RefusesATurnWhileARealArmMoves) {
  driven_ = {"arm-one"};
  EXPECT_THAT(message_of([&] { desk().start(form()); }),
              HasSubstr("robot arm-one is driven on this machine"));
  EXPECT_EQ(desk().state().phase, "none");
  driven_.clear();
  EXPECT_EQ(desk().refusal(), "");
}

TEST_F(TurnDeskTest, NamesTheFieldThatIsWrong) {
  const auto wrong = [&](auto change) {
    TurnForm changed = form();
    change(changed);
    return message_of([&] { desk().config(changed); });
  };
  EXPECT_EQ(wrong([](TurnForm&) {}), "");
  EXPECT_THAT(wrong([](TurnForm& f) { f.frontier_suite = "--help"; }), HasSubstr("is unknown"));
  EXPECT_THAT(wrong([](TurnForm& f) { f.recipe = "$(id)"; }), HasSubstr("recipe"));
  EXPECT_THAT(wrong([](TurnForm& f) { f.collect_episodes = 0; }), HasSubstr("helped episodes"));
  EXPECT_THAT(wrong([](TurnForm& f) { f.minutes = -1; }), HasSubstr("minutes of learning"));
  EXPECT_THAT(wrong([](TurnForm& f) { f.policy = "/etc"; }), HasSubstr("is not in the ledger"));
  EXPECT_THAT(wrong([](TurnForm& f) { f.policy = ""; }), HasSubstr("none is in use"));
  use_policy(runs_, {.policy = hash_, .author = "ann"});
  EXPECT_EQ(wrong([](TurnForm& f) { f.policy = ""; }), "");
}

TEST_F(TurnDeskTest, TellsHowFarATurnIsAndWhatIsLeft) {
  write_run("2026-01-01T00-00-00", false, {{stage::evaluate("before", "trained"), 4}},
            {{stage::evaluate("before", "trained"), {{"result", 1}}}});
  RunProgress progress(runs_ / "2026-01-01T00-00-00");  // a turn from a terminal: this process
  progress.begin(stage::kCollect);
  Progress("collecting", 3, "episodes").update(2);
  const TurnState state = desk().state();
  EXPECT_EQ(state.phase, "running");
  EXPECT_FALSE(state.started_here);
  EXPECT_EQ(state.run, "2026-01-01T00-00-00");
  EXPECT_EQ(state.done, 2);
  EXPECT_EQ(state.total, 3);
  EXPECT_GT(state.left_s, 30) << "half a minute of learning is to come";
  EXPECT_TRUE(state.stages.at(1).done);
  EXPECT_EQ(state.stages.at(1).spent_s, 4);
  EXPECT_TRUE(state.stages.at(3).running);
  EXPECT_THAT(desk().refusal(), HasSubstr("one at a time"));
}

TEST_F(TurnDeskTest, ACostIsScaledFromTheNewestWholeTurn) {
  TurnConfig config = desk().config(form());
  EXPECT_THAT(expected_cost(config, runs_).basis, HasSubstr("two cores"));
  const json learnt = {{"folder", "candidates/corrections"}, {"steps", 100}, {"minutes", 0.5}};
  const StageSeconds seconds = {{stage::evaluate("before", "trained"), 12},
                                {stage::kCollect, 9},
                                {stage::learn("corrections"), 40}};
  write_run("2026-01-01T00-00-00", true, seconds,
            {{stage::learn("corrections"), {{"result", learnt}}}});
  write_run("2026-01-02T00-00-00", false, {{stage::kCollect, 1000}}, json::object());
  config.collect_episodes = 6;
  config.trained_episodes = 3;
  config.replay_episodes = 20;
  config.learn.minutes = 2;
  const TurnCost cost = expected_cost(config, runs_);
  EXPECT_THAT(cost.basis, HasSubstr("2026-01-01T00-00-00"));
  std::map<std::string, double> by_stage;
  for (const StageCost& each : cost.stages) by_stage[each.stage] = each.seconds;
  EXPECT_DOUBLE_EQ(by_stage[stage::evaluate("before", "trained")], 6);
  EXPECT_DOUBLE_EQ(by_stage[stage::kCollect], 18);
  EXPECT_DOUBLE_EQ(by_stage[stage::learn("corrections")], 120 + 20)
      << "10 s for 10 demonstrations made again";
  config.learn.steps = 200;
  EXPECT_DOUBLE_EQ(expected_cost(config, runs_).stages.at(5).seconds, 60 + 20);
  EXPECT_GT(cost.seconds(), 120);
}

}  // namespace
}  // namespace gyre::flywheel
