#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/flywheel/label.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/config.h"
#include "gyre/train/mixture.h"

namespace gyre::flywheel {

// The input of one learning.
struct Lesson {
  train::TrainConfig config;
  const Checkpoint& start;             // the policy to go on from
  std::vector<train::Source> sources;  // old data first, then what the turn collected
  std::filesystem::path out;           // checkpoint folder; may hold an interrupted learning
};

struct Learnt {
  bool stopped = false;   // by a stop request; the next call goes on
  bool diverged = false;  // ended early; `out` holds the last good weights
  int64_t steps = 0;
  double minutes = 0;
  double loss = 0;
};

// Makes a new policy of an old one and labelled data.
class Learner {
 public:
  virtual ~Learner() = default;
  // A word for keys, "imitation". It changes whenever the same lesson gives another policy.
  virtual std::string_view name() const = 0;
  // Leaves a whole checkpoint folder in `lesson.out`. Throws Error.
  virtual Learnt learn(const Lesson& lesson) const = 0;
};

// Imitation of every target by train::train.
std::unique_ptr<Learner> imitation_learner();

// A way to improve a policy from what it did: labels, and learning from them.
struct Recipe {
  std::string name;  // "filtered cloning"
  std::shared_ptr<const Labeler> labeler;
  std::shared_ptr<const Learner> learner;
  std::string key() const;  // as a folder is named: "filtered_cloning"
};

// "corrections", "hg dagger", "filtered cloning", "cloning everything", "progress critics" and
// "value critic". `critic_seed` draws what their critics learn.
std::vector<Recipe> standard_recipes(uint64_t critic_seed = 1);

// By name or key. Throws Error with the nearest name.
const Recipe& find_recipe(const std::vector<Recipe>& recipes, const std::string& name);

}  // namespace gyre::flywheel
