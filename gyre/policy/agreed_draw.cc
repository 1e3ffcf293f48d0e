#include "gyre/policy/agreed_draw.h"

#include <algorithm>
#include <utility>
#include <vector>

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

ActionChunk agreed_draw(std::span<const ActionChunk> draws, std::span<const float> planned,
                        const Embodiment& contract) {
  if (draws.size() == 1 || planned.empty()) return draws.front();
  std::vector<std::pair<double, size_t>> order;
  for (size_t n = 0; n < draws.size(); ++n) {
    order.emplace_back(draw_distance(draws[n], planned, contract), n);
  }
  const size_t nearest = (draws.size() + 1) / 2;
  std::ranges::sort(order);
  ActionChunk agreed = draws[order.front().second];
  for (size_t i = 0; i < agreed.actions.size(); ++i) {
    double sum = 0;
    for (size_t n = 0; n < nearest; ++n) sum += draws[order[n].second].actions[i];
    agreed.actions[i] = static_cast<float>(sum / static_cast<double>(nearest));
  }
  return agreed;
}

}  // namespace gyre
