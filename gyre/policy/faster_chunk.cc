#include "gyre/policy/faster_chunk.h"

#include <algorithm>
#include <cmath>

namespace gyre {
namespace {

// The integral of one field from the chunk's begin to a time in action periods.
double integral(const ActionChunk& chunk, size_t field, double time) {
  double sum = 0;
  for (int k = 0; k < chunk.horizon && k < time; ++k) {
    sum += std::min(1.0, time - k) * chunk.at(k)[field];
  }
  return sum;
}

// The position at a time in action periods: action k is reached at k + 1.
double position(const ActionChunk& chunk, size_t field, double time) {
  const double at = std::clamp(time - 1, 0.0, static_cast<double>(chunk.horizon - 1));
  const auto before = static_cast<int>(at);
  const int after = std::min(before + 1, chunk.horizon - 1);
  const double share = at - before;
  return (1 - share) * chunk.at(before)[field] + share * chunk.at(after)[field];
}

}  // namespace

ActionChunk faster_chunk(const ActionChunk& chunk, double speed, const Embodiment& contract) {
  ActionChunk faster = chunk;
  faster.horizon = std::max(1, static_cast<int>(std::floor(chunk.horizon / speed + 1e-9)));
  faster.actions.resize(static_cast<size_t>(faster.horizon) * chunk.dim);
  for (int i = 0; i < faster.horizon; ++i) {
    for (size_t field = 0; field < contract.action.size(); ++field) {
      const Field& limits = contract.action[field];
      const double from = speed * i, to = speed * (i + 1);
      const double value = limits.kind == FieldKind::kPosition
                               ? position(chunk, field, to)
                               : integral(chunk, field, to) - integral(chunk, field, from);
      faster.actions[static_cast<size_t>(i) * chunk.dim + field] =
          static_cast<float>(std::clamp<double>(value, limits.min, limits.max));
    }
  }
  return faster;
}

}  // namespace gyre
