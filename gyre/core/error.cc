#include "gyre/core/error.h"

#include <algorithm>
#include <numeric>

namespace gyre {
namespace {

std::string one_line(std::string_view on_what, std::string_view what, std::string_view what_to_do) {
  std::string line;
  if (!on_what.empty()) line.append(on_what).append(": ");
  line.append(what);
  if (!what_to_do.empty()) line.append("; ").append(what_to_do);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

Error::Error(std::string_view on_what, std::string_view what, std::string_view what_to_do)
    : std::runtime_error(one_line(on_what, what, what_to_do)) {}

std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = word.size() / 2 + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace gyre
