#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace gyre {

// One golden array of a reference implementation and how near this program comes to it.
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

  // Every array was compared and is within its bound.
  bool ok() const { return !arrays.empty() && std::ranges::all_of(arrays, &GoldenArray::ok); }
};

}  // namespace gyre
