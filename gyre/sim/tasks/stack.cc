// "stack the red block on the blue block".
#include <cmath>

#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

class Stack : public Task {
 public:
  Stack(std::string top, std::string bottom)
      : top_{std::move(top), Shape::kBlock}, bottom_{std::move(bottom), Shape::kBlock} {}

  std::string family() const override { return "stack"; }
  std::string name() const override {
    return "stack/" + top_.colour + "_block/" + bottom_.colour + "_block";
  }
  std::vector<std::string> instructions() const override {
    const std::string a = top_.name(), b = bottom_.name();
    return {"stack the " + a + " on the " + b, "put the " + a + " on top of the " + b,
            "place the " + a + " on the " + b, "build a tower with the " + a + " on the " + b};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    std::vector<Thing> things = {top_, bottom_};
    if (rng.chance(0.4)) things.push_back(distractors(things, 1, rng)[0]);
    return scatter(things, scale, rng);
  }
  bool success(const World& world) const override {
    return stacked(world, top_.name(), bottom_.name()) && world.resting(top_.name());
  }
  std::vector<std::string> named_things(const World&) const override {
    return {top_.name(), bottom_.name()};
  }
  std::unique_ptr<Expert> expert(Rng) const override {
    const std::string top = top_.name(), bottom = bottom_.name();
    return std::make_unique<PutExpert>(
        top,
        [bottom](const World& world) {
          Vec3 at = thing_at(world, bottom);
          at[2] += world.half_size(bottom)[2] / world.scale();
          return at;
        },
        [top, bottom](const World& world) { return stacked(world, top, bottom); });
  }
  double time_limit_s() const override { return 14; }

 private:
  static bool stacked(const World& world, const std::string& top, const std::string& bottom) {
    const Vec3 a = thing_at(world, top), b = thing_at(world, bottom);
    const double rise = (a[2] - b[2]) * world.scale() / (2 * world.half_size(top)[2]);
    return std::hypot(a[0] - b[0], a[1] - b[1]) < 0.03 && rise > 0.85 && rise < 1.15;
  }

  Thing top_, bottom_;
};

}  // namespace

std::unique_ptr<Task> make_stack(const std::string& top_colour, const std::string& bottom_colour) {
  return std::make_unique<Stack>(top_colour, bottom_colour);
}

}  // namespace gyre::sim
