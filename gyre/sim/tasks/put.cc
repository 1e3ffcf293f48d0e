// "put the red cup into the sink": object x colour x place.
#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

class Put : public Task {
 public:
  Put(Thing thing, std::string place) : thing_(std::move(thing)), place_(std::move(place)) {}

  std::string family() const override { return "pick_place"; }
  std::string name() const override {
    return "pick_place/" + thing_.colour + "_" + shape_name(thing_.shape) + "/" + place_;
  }
  std::vector<std::string> instructions() const override {
    const std::string object = thing_.name(), phrase = place_phrase(place_);
    return {"put the " + object + " " + phrase, "place the " + object + " " + phrase,
            "move the " + object + " " + phrase, "pick up the " + object + " and put it " + phrase,
            "the " + object + " goes " + phrase};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    std::vector<Thing> things = {thing_};
    for (const Thing& other : distractors({thing_}, 1 + static_cast<int>(rng.below(2)), rng)) {
      things.push_back(other);
    }
    const bool plate = place_ == "plate";
    SceneLayout layout = scatter(things, scale, rng,
                                 plate ? std::vector<Rectangle>{kPlate} : std::vector<Rectangle>{});
    layout.has_plate = plate;
    return layout;
  }
  bool success(const World& world) const override {
    return world.inside(thing_.name(), place_) && world.resting(thing_.name());
  }
  std::vector<std::string> named_things(const World&) const override {
    return {thing_.name(), place_};
  }
  std::unique_ptr<Expert> expert(Rng) const override {
    const std::string object = thing_.name(), place = place_;
    return std::make_unique<PutExpert>(
        object, [place](const World& world) { return thing_at(world, place); },
        [object, place](const World& world) { return world.inside(object, place); });
  }
  double time_limit_s() const override { return 14; }

 private:
  Thing thing_;
  std::string place_;
};

}  // namespace

std::unique_ptr<Task> make_put(const Thing& thing, const std::string& place) {
  return std::make_unique<Put>(thing, place);
}

}  // namespace gyre::sim
