#include "gyre/flywheel/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/flywheel/compare/old_data.h"
#include "gyre/flywheel/critic_label.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"
#include "gyre/train/trainer.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A policy that raises the first joint is to learn to raise the second; whatever is learnt does.
class ComparisonTest : public ::testing::Test {
 protected:
  ComparisonTest() {
    testing::write_toy_policy(folder_ / "policy", {testing::kToyGoal, 0});
    fs::create_directories(folder_ / "tasks");
    io::write_atomically(
        folder_ / "tasks/lift.toml",
        "attempts = \"new\"\nfamilies_of = \"known\"\nrobots = [\"toy/joint\"]\npolicy = \"" +
            (folder_ / "policy").string() +
            "\"\nold_suite = \"known\"\nold_episodes = 4\nhelped = 3\nunhelped = 4\n");
    config_.configs = (folder_ / "tasks").string();
    config_.runs = (folder_ / "runs").string();
    config_.recipes = {"cloning_everything", "hg_dagger"};
    config_.seeds = {1, 2};
    config_.pairs = 6;
    config_.resamples = 200;
    config_.workers = 1;
    options_.recipes = [this](uint64_t seed) -> std::vector<Recipe> {
      return {{"cloning everything", everything_labeler(), learner_},
              {"hg dagger", helper_labeler(), learner_},
              {"value critic", value_labeler({.seed = seed}), learner_}};
    };
  }
  CompareSummary run() { return compare_recipes(arena_, config_, options_); }
  std::string message() {
    return message_of([&] { run(); });
  }

  testing::TemporaryFolder folder_;
  testing::ToyArena arena_;
  std::shared_ptr<testing::ToyLearner> learner_ =
      std::make_shared<testing::ToyLearner>(std::array<float, 2>{0, testing::kToyGoal});
  CompareConfig config_;
  CompareOptions options_;
};

TEST_F(ComparisonTest, EachRecipeLearnsWithEachSeedFromTheSameCollection) {
  const CompareSummary summary = run();
  EXPECT_FALSE(summary.interrupted);
  ASSERT_EQ(summary.tasks.size(), 1U);
  const TaskFigures& lift = summary.tasks[0];
  EXPECT_EQ(lift.before, wilson(0, 6));
  EXPECT_EQ(lift.collection.helped, wilson(3, 3));
  EXPECT_EQ(lift.collection.unhelped, wilson(0, 4)) << "failures are kept";
  EXPECT_EQ(lift.collection.cost.takeovers, 3);
  EXPECT_EQ(lift.collection.cost.verdicts, 7);
  EXPECT_EQ(data::Dataset(lift.collection.datasets.at(0)).episodes().size(), 7U);
  ASSERT_EQ(lift.recipes.size(), 2U);
  for (const RecipeFigures& recipe : lift.recipes) {
    ASSERT_TRUE(recipe.success) << recipe.recipe;
    EXPECT_EQ(recipe.success->mean, 1) << recipe.recipe;
    EXPECT_EQ(recipe.seeds.size(), 2U) << recipe.recipe;
  }
  EXPECT_EQ(lift.recipes[1].gain->mean, 0);
  EXPECT_EQ(learner_->lessons, 4);
  EXPECT_TRUE(fs::is_empty(folder_ / "runs/cells")) << "learnt policies are not kept";
}

TEST_F(ComparisonTest, RowsThatStandAreNotRunAgain) {
  config_.seeds = {1};
  run();
  EXPECT_EQ(learner_->lessons, 2);
  config_.seeds = {1, 2};
  config_.recipes = {"hg_dagger"};
  run();
  EXPECT_EQ(learner_->lessons, 3);
  config_.recipes = {"cloning_everything", "hg_dagger"};
  run();
  EXPECT_EQ(learner_->lessons, 4);
  const int opened = arena_.opened;
  const CompareSummary summary = run();
  EXPECT_EQ(learner_->lessons, 4);
  EXPECT_EQ(arena_.opened, opened) << "no attempt is made";
  EXPECT_EQ(summary.tasks[0].missing, 0);
  // Other settings make other rows.
  config_.seconds = 50;
  run();
  EXPECT_EQ(learner_->lessons, 8);
}

TEST_F(ComparisonTest, AnInterruptedOneKeepsItsRowsAndGoesOn) {
  {
    const testing::StopRequest stop;
    learner_->during = [&] {
      if (learner_->lessons == 2) stop.send();
    };
    const CompareSummary part = run();
    EXPECT_TRUE(part.interrupted);
    EXPECT_EQ(part.tasks[0].missing, 3);
  }
  learner_->during = nullptr;
  const CompareSummary whole = run();
  EXPECT_FALSE(whole.interrupted);
  EXPECT_EQ(whole.tasks[0].missing, 0);
  EXPECT_EQ(learner_->lessons, 2 + 3);
}

// Three of seven attempts succeeded.
TEST_F(ComparisonTest, ARecipeThatIsRefusedIsARow) {
  config_.recipes = {"cloning_everything", "value_critic"};
  const CompareSummary summary = run();
  ASSERT_EQ(summary.tasks[0].recipes.size(), 2U);
  const RecipeFigures& refused = summary.tasks[0].recipes[1];
  EXPECT_EQ(refused.refused, 2);
  EXPECT_THAT(refused.why, HasSubstr("3 of 7 attempts succeeded"));
  EXPECT_EQ(summary.tasks[0].missing, 0);
  EXPECT_TRUE(summary.tasks[0].recipes[0].success);
}

TEST_F(ComparisonTest, MoreHelpIsAnotherCollection) {
  config_.helped = {1, 2};
  config_.seeds = {1};
  const CompareSummary summary = run();
  ASSERT_EQ(summary.tasks.size(), 2U);
  EXPECT_EQ(summary.tasks[0].collection.helped, wilson(1, 1));
  EXPECT_EQ(summary.tasks[1].collection.helped, wilson(2, 2));
  EXPECT_NE(summary.tasks[0].collection.hash, summary.tasks[1].collection.hash);
  ASSERT_EQ(summary.to_gain.size(), 2U);
  EXPECT_TRUE(summary.to_gain[0].to_30_s);
}

TEST_F(ComparisonTest, RefusesRowsOfAnotherCollection) {
  config_.seeds = {1};
  run();
  config_.unhelped = 2;
  EXPECT_THAT(message(), HasSubstr("another collection of lift"));
  config_.out = (folder_ / "other.jsonl").string();
  EXPECT_EQ(message(), "");
}

TEST_F(ComparisonTest, SaysWhatIsUnknown) {
  config_.recipes = {"hg_daggr"};
  EXPECT_THAT(message(), HasSubstr("did you mean 'hg_dagger'?"));
  config_.recipes = {"hg_dagger"};
  config_.tasks = {"lit"};
  EXPECT_THAT(message(), HasSubstr("did you mean 'lift'?"));
  config_.tasks = {};
  config_.seeds = {0};
  EXPECT_THAT(message(), HasSubstr("seeds"));
  EXPECT_EQ(arena_.opened, 0);
}

// Demonstrations are made by families of a suite of this name.
class TrainedToyArena : public testing::ToyArena {
 public:
  std::vector<run::Attempt> deal(const std::string& suite, const std::vector<std::string>& robots,
                                 int64_t count, uint64_t seed) const override {
    return ToyArena::deal(suite == "trained" ? "known" : suite, robots, count, seed);
  }
};

TEST_F(ComparisonTest, AWeakPolicyIsMadeOnce) {
  const TrainedToyArena arena;
  CompareTask task;
  task.attempts = "new";
  task.families_of = "known";
  task.robots = {"toy/joint"};
  task.weak.simulate = "known";
  task.weak.episodes = 2;
  task.weak.steps = 1;
  task.weak.vocabulary = (source_dir() / "assets/vocabulary/nano.model").string();
  OldDemonstrations old(arena, 1);
  const fs::path policy = first_policy(arena, task, folder_ / "first", 1, old);
  const Checkpoint weak = Checkpoint::open(policy);
  EXPECT_EQ(weak.about.at("training").at("steps"), 1);
  EXPECT_TRUE(weak.embodiments.contains("toy/joint"));
  const int opened = arena.opened;
  EXPECT_EQ(first_policy(arena, task, folder_ / "first", 1, old), policy);
  EXPECT_EQ(arena.opened, opened);
  EXPECT_EQ(Checkpoint::open(policy).policy_hash, weak.policy_hash);
}

}  // namespace
}  // namespace gyre::flywheel
