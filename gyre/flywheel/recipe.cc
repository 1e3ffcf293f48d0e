#include "gyre/flywheel/recipe.h"

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/flywheel/critic_label.h"
#include "gyre/train/trainer.h"

namespace gyre::flywheel {
namespace {

class Imitation : public Learner {
 public:
  std::string_view name() const override { return "imitation"; }
  Learnt learn(const Lesson& lesson) const override {
    try {
      const train::TrainResult result = train::train(lesson.config, lesson.start, lesson.sources,
                                                     lesson.out, train::IfExists::kResume);
      return {.stopped = result.stopped,
              .steps = result.steps,
              .minutes = result.minutes,
              .loss = result.loss};
    } catch (const train::Diverged&) {
      const auto about = Checkpoint::open(lesson.out).about.at("training");
      return {.diverged = true, .steps = about.at("steps"), .minutes = about.at("minutes")};
    }
  }
};

}  // namespace

std::unique_ptr<Learner> imitation_learner() { return std::make_unique<Imitation>(); }

std::string Recipe::key() const {
  std::string key = name;
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

std::vector<Recipe> standard_recipes(uint64_t critic_seed) {
  const train::CriticConfig critic{.seed = critic_seed};
  const std::shared_ptr<const Learner> imitation = imitation_learner();
  return {{"corrections", corrections_labeler(), imitation},
          {"hg dagger", helper_labeler(), imitation},
          {"filtered cloning", success_labeler(), imitation},
          {"cloning everything", everything_labeler(), imitation},
          {"progress critics", progress_labeler(critic), imitation},
          {"value critic", value_labeler(critic), imitation}};
}

const Recipe& find_recipe(const std::vector<Recipe>& recipes, const std::string& name) {
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes) {
    if (recipe.name == name || recipe.key() == name) return recipe;
    names.push_back(recipe.key());
  }
  std::string all;
  for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
  const std::string nearest = nearest_name(name, names);
  throw Error("recipe", "'" + name + "' is unknown",
              nearest.empty() ? "it is one of " + all : "did you mean '" + nearest + "'?");
}

}  // namespace gyre::flywheel
