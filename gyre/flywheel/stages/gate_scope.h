#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gyre/flywheel/blocks.h"
#include "gyre/flywheel/gate_plan.h"
#include "gyre/flywheel/turn.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::flywheel {

// The comparisons of a turn's gate, and the policies that they are with.
struct TurnGate {
  std::optional<BlockPlan> blocks;  // of a real bench, in place of the rest
  GateScope scope;
  std::filesystem::path ancestor;  // its folder; "": the predecessor is its own ancestor
  std::string ancestor_hash;
};

// The ancestor is the one that the order names, else the root of the predecessor's line in the
// ledger of the runs; a real bench has none. Earlier skills are the frontier suites of that line's
// promotions. Throws Error for an ancestor that is not there or does not know a robot, and as
// plan_gate and plan_blocks do.
TurnGate find_gate(const run::Arena& arena, const TurnConfig& config, const Checkpoint& predecessor,
                   const std::vector<Embodiment>& contracts);

}  // namespace gyre::flywheel
