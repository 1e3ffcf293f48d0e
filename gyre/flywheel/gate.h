#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

struct GateConfig {
  double margin = 0.05;         // drop on trained tasks that is let pass, as a rate
  double strict_margin = 0.03;  // the same once there are strict_episodes pairs
  int strict_episodes = 400;
  template <class Visitor>
  void visit(Visitor& v) {
    v("margin", margin, "drop on trained tasks that is let pass (rate)");
    v("strict_margin", strict_margin, "the same from strict_episodes paired episodes on (rate)");
    v("strict_episodes", strict_episodes, "paired episodes from which strict_margin holds");
  }
};

// One trained family before and after, over the same seeds.
struct FamilyDifference {
  std::string family;
  Difference paired;
};

struct Decision {
  bool promoted = false;
  std::string reason;  // one sentence with the figures that decided
};

// Whether a new policy may take the old one's place: only if on the frontier the paired
// difference's interval lies above 0, the drop pooled over the trained tasks is within the margin,
// and no trained family's interval lies wholly below it. What was not measured is not promoted.
Decision decide(const Difference& frontier, const Difference& trained,
                const std::vector<FamilyDifference>& families, const GateConfig& config = {});

}  // namespace gyre::flywheel
