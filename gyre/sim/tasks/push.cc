// "push the blue block to the left": with closed fingers, along the table. Left is the robot's.
#include <algorithm>
#include <cmath>

#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

constexpr double kFarEnough = 0.06;  // scene units that count as pushed
constexpr double kWanted = 0.085;    // and what the expert does

class Push : public Task {
 public:
  Push(Thing thing, bool left) : thing_(std::move(thing)), left_(left) {}

  std::string family() const override { return "push"; }
  std::string name() const override {
    return "push/" + thing_.colour + "_" + shape_name(thing_.shape) + "/" + side();
  }
  std::vector<std::string> instructions() const override {
    const std::string object = thing_.name();
    return {"push the " + object + " to the " + side(), "slide the " + object + " to the " + side(),
            "push the " + object + " " + side(), "shove the " + object + " to the " + side()};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    // Room on the side that it is pushed to; another thing stands clear of the way.
    SceneLayout layout = scatter({thing_}, scale, rng);
    ObjectSpec& object = layout.objects[0];
    object.position[0] = scale * rng.uniform(0.39, 0.47);
    object.position[1] = scale * -direction() * rng.uniform(-0.02, 0.06);
    object.yaw = rng.uniform(-0.3, 0.3);
    if (rng.chance(0.6)) {
      const Thing other = distractors({thing_}, 1, rng)[0];
      const double x =
          object.position[0] / scale > 0.43 ? rng.uniform(0.34, 0.355) : rng.uniform(0.515, 0.53);
      layout.objects.push_back(
          {other.shape, other.colour, {scale * x, scale * rng.uniform(-0.08, 0.08), 0}, 0});
    }
    return layout;
  }
  bool success(const World& world) const override {
    return pushed(world) > kFarEnough && world.resting(thing_.name());
  }
  std::vector<std::string> named_things(const World&) const override { return {thing_.name(), ""}; }
  std::unique_ptr<Expert> expert(Rng) const override {
    return reactive([this](const World& world) { return move(world); });
  }
  double time_limit_s() const override { return 10; }

 private:
  std::string side() const { return left_ ? "left" : "right"; }
  double direction() const { return left_ ? 1 : -1; }

  // How far it has come, scene units.
  double pushed(const World& world) const {
    const double start = world.layout().objects[0].position[1] / world.scale();
    return direction() * (thing_at(world, thing_.name())[1] - start);
  }

  Motion move(const World& world) const {
    const Vec3 hand = tip_at(world), object = thing_at(world, thing_.name());
    if (pushed(world) > kWanted) return retreat(world, 0);
    const Vec3 half = world.half_size(thing_.name());
    const double beside = std::max(half[0], half[1]) / world.scale();
    const double gap = direction() * (object[1] - hand[1]);
    constexpr double kLow = 0.030;
    if (hand[2] < kLow + 0.022 && gap > 0.3 * beside && std::abs(hand[0] - object[0]) < 0.03) {
      return tip_to(world, {object[0], hand[1] + direction() * 0.045, kLow});
    }
    return tip_travel_to(world, {object[0], object[1] - direction() * (beside + 0.034), kLow});
  }

  Thing thing_;
  bool left_;
};

}  // namespace

std::unique_ptr<Task> make_push(const Thing& thing, bool left) {
  return std::make_unique<Push>(thing, left);
}

}  // namespace gyre::sim
