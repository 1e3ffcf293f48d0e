// Long tasks: atomic ones in order. "clear the table" takes everything to where its shape belongs;
// "put the red things away, then switch off the lamp" only one colour.
#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

// Where a shape belongs.
std::string home_of(Shape shape) {
  switch (shape) {
    case Shape::kCup:
      return "sink";
    case Shape::kCan:
      return "bin";
    default:
      return "rack";
  }
}

constexpr Shape kMovable[] = {Shape::kCup, Shape::kCan, Shape::kSponge};

// The atomic tasks of a scene, from what stands in it: the layout is all that a long task knows.
using Plan = std::vector<std::unique_ptr<Task>>;

class Chain : public Task {
 public:
  bool long_horizon() const override { return true; }
  bool success(const World& world) const override {
    const Plan steps = plan(world);
    return std::all_of(steps.begin(), steps.end(),
                       [&](const auto& step) { return step->success(world); });
  }
  std::vector<std::string> subtasks(const World& world) const override {
    std::vector<std::string> words;
    for (const auto& step : plan(world)) words.push_back(step->instructions().front());
    return words;
  }
  int current_subtask(const World& world) const override {
    const Plan steps = plan(world);
    const auto open = std::find_if(steps.begin(), steps.end(),
                                   [&](const auto& step) { return !step->success(world); });
    return static_cast<int>(open - steps.begin());
  }
  std::vector<std::string> named_things(const World& world) const override {
    const Plan steps = plan(world);
    const size_t now = current_subtask(world);
    return now < steps.size() ? steps[now]->named_things(world) : std::vector<std::string>{"", ""};
  }
  std::unique_ptr<Expert> expert(Rng rng) const override {
    return std::make_unique<ChainExpert>(*this, rng);
  }
  double time_limit_s() const override { return 36; }

 protected:
  virtual Plan plan(const World& world) const = 0;

 private:
  class ChainExpert : public Expert {
   public:
    ChainExpert(const Chain& chain, Rng rng) : chain_(chain), rng_(rng) {}
    Motion move(const World& world) override {
      Plan steps = chain_.plan(world);
      const int now = chain_.current_subtask(world);
      if (now == static_cast<int>(steps.size())) return retreat(world, 1);
      if (now != step_) {
        step_ = now;
        task_ = std::move(steps[now]);
        expert_ = task_->expert(rng_);
      }
      return expert_->move(world);
    }

   private:
    const Chain& chain_;
    Rng rng_;
    int step_ = -1;
    std::unique_ptr<Task> task_;
    std::unique_ptr<Expert> expert_;
  };
};

class ClearTable : public Chain {
 public:
  std::string family() const override { return "clear_table"; }
  std::string name() const override { return "clear_table"; }
  std::vector<std::string> instructions() const override {
    return {"clear the table", "tidy up the table", "put everything in its place",
            "clean up the table"};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    // In the order of the plan: cups, cans, sponges.
    static const char* const kColours[] = {"red", "green", "blue", "yellow"};
    std::vector<Thing> things;
    for (const Shape shape : kMovable) things.push_back({kColours[rng.below(4)], shape});
    return scatter(things, scale, rng);
  }

 protected:
  Plan plan(const World& world) const override {
    Plan steps;
    for (const ObjectSpec& spec : world.layout().objects) {
      steps.push_back(make_put({spec.colour, spec.shape}, home_of(spec.shape)));
    }
    return steps;
  }
};

class PutAway : public Chain {
 public:
  explicit PutAway(std::string colour) : colour_(std::move(colour)) {}
  std::string family() const override { return "put_away"; }
  std::string name() const override { return "put_away/" + colour_; }
  std::vector<std::string> instructions() const override {
    const std::string c = colour_;
    return {"put the " + c + " things away, then switch off the lamp",
            "put away the " + c + " things and then turn off the lamp",
            "tidy up the " + c + " things, then switch the lamp off",
            "first put the " + c + " things away, then turn off the lamp"};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    std::vector<Shape> shapes(std::begin(kMovable), std::end(kMovable));
    shapes.erase(shapes.begin() + rng.below(3));
    std::vector<Thing> things = {{colour_, shapes[0]}, {colour_, shapes[1]}};
    Thing other = things[0];
    while (other.colour == colour_) other = distractors(things, 1, rng)[0];
    things.push_back(other);
    SceneLayout layout = scatter(things, scale, rng);
    layout.lamp_on = true;
    return layout;
  }

 protected:
  Plan plan(const World& world) const override {
    Plan steps;
    for (const ObjectSpec& spec : world.layout().objects) {
      if (spec.colour == colour_) {
        steps.push_back(make_put({spec.colour, spec.shape}, home_of(spec.shape)));
      }
    }
    steps.push_back(make_press_button(false));
    return steps;
  }

 private:
  std::string colour_;
};

}  // namespace

std::unique_ptr<Task> make_clear_table() { return std::make_unique<ClearTable>(); }
std::unique_ptr<Task> make_put_away(const std::string& colour) {
  return std::make_unique<PutAway>(colour);
}

}  // namespace gyre::sim
