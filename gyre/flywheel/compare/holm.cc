#include "gyre/flywheel/compare/holm.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "gyre/core/error.h"

namespace gyre::flywheel {

std::vector<double> holm(const std::vector<double>& levels) {
  for (const double level : levels) {
    if (!(level >= 0 && level <= 1)) throw Error("Holm", "takes levels from 0 to 1");
  }
  std::vector<size_t> order(levels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t place) { return levels[place]; });
  std::vector<double> adjusted(levels.size());
  double largest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const double raised = levels[order[rank]] * static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, raised));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace gyre::flywheel
