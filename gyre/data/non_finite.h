#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"

namespace gyre::data {

// A state or an action that is not a finite number: a servo that did not answer.
struct NonFinite {
  bool action = false;
  size_t field = 0;
  float value = 0;
  // "state 'left_wrist' is nan"
  std::string text(const Embodiment& contract) const;
};

std::optional<NonFinite> non_finite_in(const Row& row);
// Throws Error naming dataset, episode, frame and joint of the first one, with this remedy.
void require_finite(const EpisodeRows& episode, const Embodiment& contract,
                    const std::string& dataset, int64_t index, const std::string& remedy);

}  // namespace gyre::data
