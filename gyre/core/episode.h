#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/step.h"

namespace gyre {

// One attempt at one task, whole: what the recorder leaves, the dataset stores and training reads.
struct Episode {
  std::string embodiment;   // contract name, "so101/ee"
  std::string task_name;    // "pick_place/red_cup/sink"; "" for recordings of others
  std::string family;       // "pick_place"
  std::string instruction;  // the words that were given
  uint64_t seed = 0;
  std::optional<bool> success;  // not set: nobody has judged
  std::vector<Step> steps;

  // 16 hex digits over every state and action, in order.
  std::string hash() const;
};

}  // namespace gyre
