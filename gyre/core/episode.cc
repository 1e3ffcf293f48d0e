#include "gyre/core/episode.h"

#include <span>

#include "gyre/core/hash.h"

namespace gyre {

std::string Episode::hash() const {
  Sha256 hash;
  for (const Step& step : steps) {
    hash.update(std::span<const float>(step.observation.state));
    hash.update(std::span<const float>(step.action));
  }
  return hash.hex(16);
}

}  // namespace gyre
