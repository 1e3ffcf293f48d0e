// A small turn of the flywheel in the simulated kitchen, with the shipped policy and real learning.
#include "gyre/flywheel/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_info.h"
#include "gyre/data/testing.h"
#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/io/file.h"
#include "gyre/sim/arena.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

TEST(SmallTurn, InterruptedWhileItLearnsAndResumed) {
  const data::testing::TemporaryFolder folder;
  const sim::KitchenArena arena;
  TurnConfig config;
  config.policy = source_dir() / "assets/policies/nano";
  config.runs = (folder / "runs").string();
  config.embodiments = {"panda/ee"};
  config.trained_suite = "trained";
  config.frontier_suite = "frontier";
  config.trained_episodes = config.frontier_episodes = config.collect_episodes = 2;
  config.replay_episodes = 3;
  config.workers = 2;
  config.learn.minutes = 0;
  config.learn.steps = 3;
  config.learn.batch = 4;
  config.gate = {.quick = true, .frontier_pairs = 5, .quick_pairs = 5, .quick_margin = 0.5};

  TurnOptions options;
  std::vector<std::string> stages;
  options.began = [&](const std::string& stage) {
    stages.push_back(stage);
    if (stage == "learn by corrections") std::raise(SIGTERM);
  };
  install_stop_signal();
  EXPECT_THROW(run_turn(arena, config, "the command", options), Interrupted);
  EXPECT_EQ(stop_signal(), SIGTERM);
  clear_stop_signal();
  EXPECT_EQ(stages.size(), 6U);
  stages.clear();
  options.began = [&](const std::string& stage) { stages.push_back(stage); };
  const Report report = run_turn(arena, config, "the command", options);
  EXPECT_EQ(stages.front(), "learn by corrections");
  EXPECT_FALSE(report.decision.promoted) << "three steps teach nothing";
  EXPECT_EQ(report.frontier.before.episodes, 2);

  // The journal holds what the dataset was made of, and the policy says what it learnt from.
  const fs::path run = fs::path(config.runs) / report.run;
  const data::JournalInfo journal = data::journal_info(run / "journal");
  EXPECT_EQ(journal.episodes, 2);
  EXPECT_TRUE(journal.losses.empty());
  EXPECT_GT(journal.requests, 0);
  const data::Dataset dataset(run / "data" / "panda_ee");
  EXPECT_EQ(std::ssize(dataset.episodes()), 2);
  const Checkpoint candidate = Checkpoint::open(run / "candidates" / "corrections");
  EXPECT_THAT(candidate.about.at("data").dump(), ::testing::HasSubstr(dataset.hash()));
  EXPECT_EQ(candidate.about.at("training").at("steps"), 3);
  EXPECT_EQ(Ledger(fs::path(config.runs) / "ledger.db").promotions().size(), 1U);

  // What the turn measured is what an evaluation measures.
  const auto engine = infer::open_engine(config.policy);
  const Evaluation alone =
      evaluate(arena, *engine, arena.deal("trained", {"panda/ee"}, 2, config.seed), config.loop, 1);
  const auto measured = json::parse(io::read_text(run / "evaluations/before/trained.json"));
  EXPECT_EQ(measured, json(alone));
}

}  // namespace
}  // namespace gyre::flywheel
