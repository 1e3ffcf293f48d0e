#include "gyre/flywheel/recipe.h"

#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/infer/engine.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

class RecipeTest : public ::testing::Test {
 protected:
  RecipeTest()
      : data_(demonstrate_again(arena_, "known", {"toy/joint"},
                                {testing::toy_contract("toy/joint")}, 2, 1)) {
    testing::write_toy_policy(folder_ / "start", {0, 0});
    start_ = Checkpoint::open(folder_ / "start");
    config_.steps = 4;
    config_.batch = 4;
    config_.workers = 1;
    config_.text_weight = 0;
    config_.validation.fraction = 0;
  }
  Learnt learn() const {
    return imitation_learner()->learn(
        {.config = config_,
         .start = start_,
         .sources = {{.frames = data_.frames.get(), .weight = 1, .targets = {}, .origins = {}}},
         .out = folder_ / "out"});
  }

  testing::ToyArena arena_;
  testing::TemporaryFolder folder_;
  TurnData data_;
  Checkpoint start_;
  train::TrainConfig config_;
};

TEST_F(RecipeTest, ImitationMakesANewPolicyOfTheOldOne) {
  const Learnt learnt = learn();
  EXPECT_FALSE(learnt.stopped);
  EXPECT_FALSE(learnt.diverged);
  EXPECT_EQ(learnt.steps, 4);
  const Checkpoint policy = Checkpoint::open(folder_ / "out");
  EXPECT_NE(policy.policy_hash, start_.policy_hash);
  EXPECT_EQ(policy.about.at("training").at("parent"), start_.policy_hash);
}

TEST_F(RecipeTest, ImitationThatIsInterruptedGoesOn) {
  config_.steps = 100'000;
  {
    const testing::StopRequest stop;
    stop.send();
    EXPECT_TRUE(learn().stopped);
  }
  config_.steps = 4;
  const Learnt learnt = learn();
  EXPECT_FALSE(learnt.stopped);
  EXPECT_EQ(learnt.steps, 4);
}

// A learning rate that throws the weights far away in its first step.
TEST_F(RecipeTest, ImitationThatDivergesEndsWithItsLastGoodWeights) {
  config_.steps = 100;
  config_.schedule = {.kind = "constant", .peak = 1e30, .final = 1e30, .warmup_steps = 0};
  const Learnt learnt = learn();
  EXPECT_TRUE(learnt.diverged);
  EXPECT_FALSE(learnt.stopped);
  EXPECT_LT(learnt.steps, 100);
  EXPECT_NO_THROW(infer::open_engine((folder_ / "out").string()));
  EXPECT_EQ(Checkpoint::open(folder_ / "out").weights_hash, start_.weights_hash);
}

TEST_F(RecipeTest, RecipesAreFoundByNameAndKey) {
  const std::vector<Recipe> recipes = standard_recipes();
  EXPECT_EQ(find_recipe(recipes, "filtered cloning").key(), "filtered_cloning");
  EXPECT_EQ(find_recipe(recipes, "filtered_cloning").name, "filtered cloning");
  EXPECT_NE(message_of([&] { find_recipe(recipes, "filtered"); }).find("filtered_cloning"),
            std::string::npos);
  std::set<std::string> keys;
  for (const Recipe& recipe : recipes) keys.insert(recipe.key());
  EXPECT_EQ(keys.size(), recipes.size());
}

}  // namespace
}  // namespace gyre::flywheel
