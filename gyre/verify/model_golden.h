#pragma once

#include <filesystem>

#include "gyre/policy/checkpoint.h"
#include "gyre/verify/golden_report.h"

namespace gyre::verify {

// Runs the policy on the inputs of `golden` (layout and conventions: tests/golden/README.md) and
// compares every array of its outputs and gradients, in float32. An array without a rule or without
// a counterpart is in the report as not ok. Throws Error when `golden` holds no golden arrays.
GoldenReport compare_graph(const Checkpoint& checkpoint, const std::filesystem::path& golden);

}  // namespace gyre::verify
