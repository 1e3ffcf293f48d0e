#include "gyre/data/non_finite.h"

#include <fmt/format.h>

#include <cmath>

#include "gyre/core/error.h"

namespace gyre::data {

std::string NonFinite::text(const Embodiment& contract) const {
  const std::vector<Field>& fields = action ? contract.action : contract.state;
  return fmt::format("{} '{}' is {}", action ? "action" : "state",
                     field < fields.size() ? fields[field].name : std::to_string(field), value);
}

std::optional<NonFinite> non_finite_in(const Row& row) {
  for (const bool action : {false, true}) {
    const std::vector<float>& values = action ? row.action : row.state;
    for (size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) return NonFinite{action, i, values[i]};
    }
  }
  return std::nullopt;
}

void require_finite(const EpisodeRows& episode, const Embodiment& contract,
                    const std::string& dataset, int64_t index, const std::string& remedy) {
  for (const Row& row : episode.rows) {
    const auto found = non_finite_in(row);
    if (!found) continue;
    throw Error(fmt::format("{}: episode {}, frame {}", dataset, index, row.index),
                found->text(contract) + ", not a finite number", remedy);
  }
}

}  // namespace gyre::data
