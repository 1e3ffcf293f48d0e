#include "gyre/flywheel/evaluate.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

using testing::ToyArena;

class EvaluateTest : public ::testing::Test {
 protected:
  EvaluateTest() {
    testing::write_toy_policy(folder_ / "policy", {testing::kToyGoal, 0},
                              {"toy/joint", "twin/joint"});
    engine_ = infer::open_engine((folder_ / "policy").string());
  }
  Evaluation evaluate_all(int workers) const {
    std::vector<run::Attempt> attempts = arena_.deal("known", {"toy/joint", "twin/joint"}, 8, 9);
    attempts.push_back(arena_.attempt("raise/second", "toy/joint", 1));
    attempts.push_back(arena_.attempt("raise/first", "twin/joint", 2));
    attempts.back().long_horizon = true;
    attempts.back().family = "chain";
    return evaluate(arena_, *engine_, attempts, {}, workers);
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<infer::Engine> engine_;
  ToyArena arena_;
};

TEST_F(EvaluateTest, TheNumberOfWorkersChangesNothing) {
  const nlohmann::json alone = evaluate_all(1);
  EXPECT_EQ(nlohmann::json(evaluate_all(3)), alone);
  EXPECT_EQ(alone["episodes"].size(), 10U);
  std::set<std::string> hashes;
  for (const nlohmann::json& episode : alone["episodes"]) hashes.insert(episode["hash"]);
  EXPECT_EQ(hashes.size(), 10U);
}

TEST_F(EvaluateTest, CountsByRobotAndFamilyLongTasksApart) {
  const Evaluation evaluation = evaluate_all(2);
  EXPECT_FALSE(evaluation.interrupted);
  EXPECT_EQ(evaluation.rate(), wilson(8, 9));
  EXPECT_EQ(evaluation.outcomes().size(), 9U);
  EXPECT_EQ(evaluation.embodiments().at("toy/joint"), wilson(4, 5));
  EXPECT_EQ(evaluation.families().at("touch").rate, wilson(4, 4));
  EXPECT_EQ(evaluation.families().at("raise").rate, wilson(4, 5));
  EXPECT_TRUE(evaluation.families().at("chain").long_horizon);
  const nlohmann::json json = evaluation;
  EXPECT_EQ(json["tasks"]["chain"]["progress"], 1.0);
  EXPECT_FALSE(json["tasks"]["touch"].contains("long"));
  EXPECT_EQ(nlohmann::json(json.get<Evaluation>()), json);
  EXPECT_EQ(json.get<Evaluation>().hash(), evaluation.hash());
  EXPECT_NE(evaluation_table(evaluation).find("4/5"), std::string::npos);
}

TEST_F(EvaluateTest, WhereAllTasksAreLongTheyAreWhatCounts) {
  Evaluation evaluation = evaluate_all(1);
  for (EvaluatedEpisode& e : evaluation.episodes) e.long_horizon = true;
  EXPECT_EQ(evaluation.rate(), wilson(9, 10));
  EXPECT_EQ(evaluation.outcomes().size(), 10U);
  EXPECT_EQ(evaluation.embodiments().at("twin/joint"), wilson(5, 5));
}

TEST_F(EvaluateTest, AStopKeepsTheAttemptsBeforeIt) {
  const testing::StopRequest stop;
  arena_.opening = [&](int number) {
    if (number == 4) stop.send();
  };
  const Evaluation evaluation = evaluate_all(1);
  EXPECT_TRUE(evaluation.interrupted);
  EXPECT_EQ(evaluation.episodes.size(), 3U);
}

TEST_F(EvaluateTest, RefusesARobotThatThePolicyDoesNotKnow) {
  testing::write_toy_policy(folder_ / "other", {0, 0}, {"twin/joint"});
  const auto engine = infer::open_engine((folder_ / "other").string());
  const std::string message = message_of(
      [&] { evaluate(arena_, *engine, {arena_.attempt("raise/first", "toy/joint", 1)}, {}, 1); });
  EXPECT_NE(message.find("toy/joint"), std::string::npos) << message;
}

}  // namespace
}  // namespace gyre::flywheel
