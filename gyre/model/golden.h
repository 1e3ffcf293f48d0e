#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/policy/checkpoint.h"

namespace gyre::model {

// One golden array and how near the reference engine comes to it.
struct GoldenArray {
  std::string file, name;
  double max_abs = 0;  // largest absolute difference; infinity where nothing was computed
  double bound = 0;    // what it may be
  bool judged = true;  // false: printed alone (velocities and losses in bfloat16)
  bool ok = false;     // within the bound, or not judged
  std::string note;    // why there is nothing to compare
};

struct GoldenReport {
  std::vector<GoldenArray> arrays;
  bool ok() const;  // every array was compared and is within its bound
};

// Runs the policy on the inputs of `golden` (layout and conventions: tests/golden/README.md) and
// compares every array of its outputs and gradients, in float32. An array without a rule or without
// a counterpart is in the report as not ok. Throws Error when `golden` holds no golden arrays.
GoldenReport compare_golden(const Checkpoint& checkpoint, const std::filesystem::path& golden);

}  // namespace gyre::model
