#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gyre/flywheel/turn.h"

namespace gyre::flywheel {

struct StageCost {
  std::string stage;  // as Stages names it
  double seconds = 0;
};

// A turn's cost before it is made.
struct TurnCost {
  std::vector<StageCost> stages;  // in their order
  int64_t bytes = 0;              // left on the disk; 0: not known
  std::string basis;              // a sentence: on which measurement this rests
  double seconds() const;
};

// Scales what the newest whole turn in the folder of runs took, stage by stage, by the budgets:
// attempts made, demonstrations made again, minutes or steps of learning. Without such a turn: what
// the demo took on a machine with two cores, each of its attempts alike. The gate's part is the
// most that it may take, against the predecessor alone: it ends as soon as it has decided.
TurnCost expected_cost(const TurnConfig& config, const std::filesystem::path& runs);

}  // namespace gyre::flywheel
