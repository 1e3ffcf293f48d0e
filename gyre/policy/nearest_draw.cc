#include "gyre/policy/nearest_draw.h"

#include <algorithm>

namespace gyre {
namespace {

constexpr double kDecay = 0.8;  // weight of an action over that of the one before it

double draw_distance(const ActionChunk& draw, std::span<const float> planned,
                     const Embodiment& contract) {
  const size_t dim = contract.action.size();
  const int count = std::min(draw.horizon, static_cast<int>(planned.size() / dim));
  double sum = 0, weight = 1;
  for (int k = 0; k < count; ++k, weight *= kDecay) {
    const auto action = draw.at(k);
    for (size_t i = 0; i < dim; ++i) {
      const Field& field = contract.action[i];
      const double off = (action[i] - planned[k * dim + i]) / (field.max - field.min);
      sum += weight * off * off;
    }
  }
  return sum;
}

}  // namespace

size_t nearest_draw(std::span<const ActionChunk> draws, std::span<const float> planned,
                    const Embodiment& contract) {
  size_t nearest = 0;
  double least = 0;
  for (size_t n = 0; n < draws.size(); ++n) {
    const double off = draw_distance(draws[n], planned, contract);
    if (n == 0 || off < least) {
      least = off;
      nearest = n;
    }
  }
  return nearest;
}

}  // namespace gyre
