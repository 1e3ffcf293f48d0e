// "open the drawer", "close the drawer": closed fingers hook behind the handle, or push before it.
#include <cmath>

#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

constexpr double kLow = 0.044;  // height of the fingertips' frame while they work

class Drawer : public Task {
 public:
  explicit Drawer(bool open) : open_(open) {}

  std::string family() const override { return name(); }
  std::string name() const override { return open_ ? "open_drawer" : "close_drawer"; }
  std::vector<std::string> instructions() const override {
    if (open_)
      return {"open the drawer", "pull the drawer open", "slide the drawer open",
              "pull out the drawer"};
    return {"close the drawer", "push the drawer closed", "shut the drawer", "push the drawer in"};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    SceneLayout layout = scatter(distractors({}, 1 + static_cast<int>(rng.below(2)), rng), scale,
                                 rng, {{0.48, -0.19, 0, 0}});
    layout.drawer_opening =
        kDrawerTravel * scale * (open_ ? rng.uniform(0, 0.15) : rng.uniform(0.75, 1));
    return layout;
  }
  bool success(const World& world) const override {
    const double share = world.drawer_opening() / world.drawer_travel();
    return (open_ ? share > 0.7 : share < 0.2) && hand_at(world)[2] > kLow + 0.03;
  }
  std::vector<std::string> named_things(const World&) const override { return {"drawer", ""}; }
  std::unique_ptr<Expert> expert(Rng) const override {
    return reactive([open = open_](const World& world) { return move(world, open); });
  }
  double time_limit_s() const override { return 10; }

 private:
  static Motion move(const World& world, bool open) {
    const Vec3 hand = tip_at(world), handle = thing_at(world, "drawer");
    const double share = world.drawer_opening() / world.drawer_travel();
    if (open ? share > 0.88 : share < 0.06) return retreat(world, 0);
    // Behind the handle to pull, before it to push.
    const double side = open ? 0.034 : -0.036;
    const double past = (hand[0] - handle[0]) * (open ? 1 : -1);
    const bool low = hand[2] < kLow + 0.020;
    if (low && past > 0.008 && std::abs(hand[1] - handle[1]) < 0.03) {
      return tip_to(world, {hand[0] + (open ? -0.05 : 0.05), handle[1], kLow});
    }
    return tip_travel_to(world, {handle[0] + side, handle[1], kLow});
  }

  bool open_;
};

}  // namespace

std::unique_ptr<Task> make_open_drawer() { return std::make_unique<Drawer>(true); }
std::unique_ptr<Task> make_close_drawer() { return std::make_unique<Drawer>(false); }

}  // namespace gyre::sim
