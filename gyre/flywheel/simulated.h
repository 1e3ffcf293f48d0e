#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/data/episode_rows.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

// Demonstrations that `gyre train --simulate` makes: all that they depend on.
struct Simulated {
  std::string name;  // a suite, or one family of the trained tasks
  std::vector<std::string> robots;
  int64_t episodes = 0;     // attempts; those that succeed are kept
  uint64_t seed = 0;        // of dealing tasks
  uint64_t first_seed = 0;  // of the attempts, counted up
  int image_size = 0;       // pixels
};
// The first seed of the n-th batch (from 1) of a training run: n million, of 100 million that are
// the run's own.
constexpr uint64_t first_simulated_seed(uint64_t seed, uint64_t batch) {
  return (seed - 1) * 100'000'000 + batch * 1'000'000;
}
void to_json(nlohmann::json& json, const Simulated& wanted);
void from_json(const nlohmann::json& json, Simulated& wanted);

// Makes them in order; `keep` takes those that succeeded. Returns SHA-256 over their hashes, 64 hex
// digits; nothing after Ctrl-C.
std::optional<std::string> make_simulated(
    const run::Arena& arena, const Simulated& wanted, int workers, const std::string& title,
    const std::function<void(const data::EpisodeRows&)>& keep);

}  // namespace gyre::flywheel
