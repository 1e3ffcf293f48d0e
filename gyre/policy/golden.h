#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gyre {

// One golden array of a reference implementation and how near this program comes to it.
struct GoldenArray {
  std::string file, name;
  double max_abs = 0;            // largest absolute difference; infinity where nothing was computed
  double bound = 0;              // what it may be
  std::optional<double> cosine;  // of the angle between both, where that is what is judged
  double least_cosine = 0;       // what it must be
  bool judged = true;            // false: printed alone (velocities and losses in bfloat16)
  bool ok = false;               // within the bounds, or not judged
  std::string note;              // why there is nothing to compare
};

struct GoldenReport {
  std::vector<GoldenArray> arrays;

  // Every array was compared and is within its bound.
  bool ok() const { return !arrays.empty() && std::ranges::all_of(arrays, &GoldenArray::ok); }
};

}  // namespace gyre
