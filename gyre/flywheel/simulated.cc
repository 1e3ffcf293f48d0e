#include "gyre/flywheel/simulated.h"

#include <nlohmann/json.hpp>

#include "gyre/core/hash.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"

namespace gyre::flywheel {

void to_json(nlohmann::json& json, const Simulated& wanted) {
  json = {
      {"name", wanted.name}, {"robots", wanted.robots},         {"episodes", wanted.episodes},
      {"seed", wanted.seed}, {"first_seed", wanted.first_seed}, {"image_size", wanted.image_size}};
}

void from_json(const nlohmann::json& json, Simulated& wanted) {
  json.at("name").get_to(wanted.name);
  json.at("robots").get_to(wanted.robots);
  json.at("episodes").get_to(wanted.episodes);
  json.at("seed").get_to(wanted.seed);
  json.at("first_seed").get_to(wanted.first_seed);
  json.at("image_size").get_to(wanted.image_size);
}

std::optional<std::string> make_simulated(
    const run::Arena& arena, const Simulated& wanted, int workers, const std::string& title,
    const std::function<void(const data::EpisodeRows&)>& keep) {
  const auto attempts = counted_from(
      wanted.first_seed,
      deal_family(arena, wanted.name, "trained", wanted.robots, wanted.episodes, wanted.seed));
  Sha256 hash;
  const bool complete = make_episodes(arena, nullptr, attempts, demonstration(wanted.image_size),
                                      workers, title, [&](int64_t, data::EpisodeRows&& episode) {
                                        if (!episode.success.value_or(false)) return true;
                                        keep(episode);
                                        hash.update(episode.hash());
                                        return true;
                                      });
  if (!complete) return std::nullopt;
  return hash.hex();
}

}  // namespace gyre::flywheel
