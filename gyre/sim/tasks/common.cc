#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

const std::vector<std::string> kColours = {"red", "green", "blue", "yellow"};
constexpr Shape kShapes[] = {Shape::kCup, Shape::kCan, Shape::kBlock, Shape::kSponge};

}  // namespace

std::string place_phrase(const std::string& place) {
  return (place == "sink" || place == "bin" ? "into the " : "onto the ") + place;
}

std::vector<Thing> distractors(const std::vector<Thing>& named, int count, Rng& rng) {
  std::vector<Thing> chosen = named;
  while (chosen.size() < named.size() + count) {
    const Thing thing{kColours[rng.below(4)], kShapes[rng.below(4)]};
    bool fresh = true;
    for (const Thing& other : chosen) fresh &= other.name() != thing.name();
    if (fresh) chosen.push_back(thing);
  }
  chosen.erase(chosen.begin(), chosen.begin() + static_cast<int64_t>(named.size()));
  return chosen;
}

SceneLayout scatter(const std::vector<Thing>& things, double scale, Rng& rng,
                    const std::vector<Rectangle>& avoid) {
  SceneLayout layout;
  const auto spots = free_spots(static_cast<int>(things.size()), scale, rng, 0.105, avoid);
  for (size_t i = 0; i < things.size(); ++i) {
    layout.objects.push_back(
        {things[i].shape, things[i].colour, spots[i].position, rng.uniform(-0.6, 0.6)});
  }
  layout.lamp_on = rng.chance(0.5);
  layout.drawer_opening = rng.chance(0.3) ? kDrawerTravel * scale * rng.uniform(0.6, 1) : 0;
  return layout;
}

}  // namespace gyre::sim
