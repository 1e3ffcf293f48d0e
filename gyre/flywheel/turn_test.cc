#include "gyre/flywheel/turn.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/flywheel/label_file.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/io/file.h"
#include "gyre/sim/arm.h"
#include "gyre/train/trainer.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

class TurnTest : public ::testing::Test {
 protected:
  TurnTest() : folder_(fs::temp_directory_path() / ("gyre_turn_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~TurnTest() override { fs::remove_all(folder_); }

  // A policy that has seen next to nothing.
  void make_policy() const {
    const TurnData data = demonstrate_again({sim::find_embodiment("panda/ee")}, 3, 1);
    Checkpoint start;
    start.config = ModelConfig::nano();
    start.tokenizer =
        Tokenizer::open(fs::path(GYRE_SOURCE_DIR) / "assets" / "vocabulary" / "nano.model");
    train::TrainConfig config;
    config.steps = 1;
    config.batch = 4;
    train::train(config, start, {{.frames = data.frames.get()}}, folder_ / "policy");
  }

  TurnConfig small_turn() const {
    TurnConfig config;
    config.policy = (folder_ / "policy").string();
    config.runs = (folder_ / "runs").string();
    config.embodiments = {"panda/ee"};
    config.trained_episodes = 2;
    config.frontier_episodes = 2;
    config.collect_episodes = 2;
    config.replay_episodes = 3;
    config.learn.minutes = 0;
    config.learn.steps = 2;
    config.learn.batch = 4;
    return config;
  }

  fs::path folder_;
};

TEST_F(TurnTest, AWholeTurnKeepsAPolicyThatDidNotImproveAndRemembersWhy) {
  make_policy();
  const TurnConfig config = small_turn();
  const Report report = run_turn(config, "the command");
  EXPECT_FALSE(report.decision.promoted);
  const fs::path run = fs::path(config.runs) / report.run;
  EXPECT_FALSE(fs::exists(run / "policy"));
  const auto json = nlohmann::json::parse(io::read_text(run / "report.json"));
  EXPECT_EQ(json.at("frontier").at("before").at("episodes"), 2);
  EXPECT_EQ(json.at("trained").at("after").at("episodes"), 2);
  EXPECT_NE(io::read_text(run / "report.html").find("data:video/mp4;base64,"), std::string::npos);

  // What was collected: helped, stored, labelled, and tied to the decision.
  EXPECT_GT(report.steps_by_helper, 0);
  const data::Dataset dataset(run / "data" / "panda_ee");
  ASSERT_EQ(dataset.episodes().size(), 2U);
  const auto targets = read_targets(dataset.folder(), Recipe::kCorrections);
  const data::EpisodeRows episode = dataset.read(0);
  ASSERT_EQ(targets.at(0).size(), episode.rows.size());
  for (size_t i = 0; i < episode.rows.size(); ++i) {
    const bool helped = episode.rows[i].source == Source::kExpert;
    EXPECT_GE(targets[0][i], helped ? 1 : 0) << i;
  }
  const Ledger ledger(fs::path(config.runs) / "ledger.db");
  EXPECT_EQ(ledger.count("episodes"), 2);
  EXPECT_EQ(ledger.count("evaluations"), 4);
  ASSERT_EQ(ledger.promotions().size(), 1U);
  EXPECT_EQ(ledger.promotions()[0].reason, report.decision.reason);

  // The same order again is a new run that meets the same scenes.
  const Report again = run_turn(config, "the command");
  EXPECT_NE(again.run, report.run);
  const auto outcomes = [&](const std::string& name, const char* who) {
    return nlohmann::json::parse(
        io::read_text(fs::path(config.runs) / name / "evaluations" / who / "frontier.json"));
  };
  EXPECT_EQ(outcomes(again.run, "before"), outcomes(report.run, "before"));
}

TEST_F(TurnTest, RefusesARobotThatThePolicyDoesNotKnow) {
  make_policy();
  TurnConfig config = small_turn();
  config.embodiments = {"so101/ee"};
  EXPECT_THROW(run_turn(config, ""), Error);
  EXPECT_FALSE(fs::exists(fs::path(config.runs) / "ledger.db"));
}

TEST_F(TurnTest, NamesTheOldDataThatIsNotThere) {
  const std::string message =
      message_of([&] { replay_folders(folder_ / "nothing", {sim::find_embodiment("panda/ee")}); });
  EXPECT_NE(message.find("nothing"), std::string::npos) << message;
}

TEST(TurnConfig, NamesTheFieldThatIsWrong) {
  TurnConfig config;
  config.old_share = 1;
  EXPECT_NE(message_of([&] { config.validate(); }).find("old_share"), std::string::npos);
  EXPECT_NO_THROW(TurnConfig::demo().validate());
}

}  // namespace
}  // namespace gyre::flywheel
