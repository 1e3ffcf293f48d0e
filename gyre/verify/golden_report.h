#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gyre::verify {

// One golden array of a reference implementation, compared with this program's.
struct GoldenArray {
  std::string file, name;
  double max_abs = 0;            // largest absolute difference; infinity when nothing was computed
  double bound = 0;              // the largest allowed max_abs
  std::optional<double> cosine;  // of the angle between both, when that is judged
  double least_cosine = 0;       // the smallest allowed cosine
  bool judged = true;            // false: only reported
  bool ok = false;               // within the bounds, or not judged
  std::string note;              // the reason when nothing could be compared
};

struct GoldenReport {
  std::vector<GoldenArray> arrays;

  // At least one array was judged, and every array is within its bound.
  bool ok() const {
    return std::ranges::any_of(arrays, &GoldenArray::judged) &&
           std::ranges::all_of(arrays, &GoldenArray::ok);
  }
};

}  // namespace gyre::verify
