#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "gyre/core/hash.h"

namespace gyre {

// A span of a tape: one attempt at one goal, with its outcome. The steps themselves are in the
// journal, or as rows in a dataset.
struct Episode {
  int64_t number = 0;       // within the tape
  std::string embodiment;   // contract name, "so101/ee"
  std::string task_name;    // "pick_place/red_cup/sink"; "" for recordings of others
  std::string family;       // "pick_place"
  std::string instruction;  // the words that were given
  uint64_t seed = 0;
  std::optional<bool> success;  // not set: nobody has judged
  int64_t first_tick = 0;
  int64_t steps = 0;  // control periods
  bool operator==(const Episode&) const = default;
};

// Hash of an episode as recorded: over state and command of every control period, in order.
class EpisodeHash {
 public:
  void add(std::span<const float> state, std::span<const float> sent) {
    hash_.update(state);
    hash_.update(sent);
  }
  std::string hex() { return hash_.hex(16); }  // 16 hex digits; call once

 private:
  Sha256 hash_;
};

}  // namespace gyre
