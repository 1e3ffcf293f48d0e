#include "gyre/train/spearman.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::train {
namespace {

std::vector<double> ranks(std::span<const float> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (size_t first = 0; first < order.size();) {
    size_t last = first + 1;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (size_t i = first; i < last; ++i) {
      rank[order[i]] = static_cast<double>(first + last - 1) / 2;
    }
    first = last;
  }
  return rank;
}

}  // namespace

double spearman(std::span<const float> first, std::span<const float> second) {
  if (first.size() != second.size()) throw Error("rank correlation", "of unequal lengths");
  for (const std::span<const float> values : {first, second}) {
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
      throw Error("rank correlation", "of a value that is not finite");
    }
  }
  const std::vector<double> a = ranks(first), b = ranks(second);
  const double middle = (static_cast<double>(a.size()) - 1) / 2;
  double both = 0, own_a = 0, own_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - middle) * (b[i] - middle);
    own_a += (a[i] - middle) * (a[i] - middle);
    own_b += (b[i] - middle) * (b[i] - middle);
  }
  return own_a > 0 && own_b > 0 ? both / std::sqrt(own_a * own_b) : 0;
}

}  // namespace gyre::train
