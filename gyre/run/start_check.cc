#include "gyre/run/start_check.h"

#include <cmath>

namespace gyre::run {

const Field* too_far(const Embodiment& contract, std::span<const float> hold,
                     std::span<const float> command, double limit_s) noexcept {
  for (size_t i = 0; i < contract.action.size(); ++i) {
    const Field& field = contract.action[i];
    if (field.kind != FieldKind::kPosition || field.gripper || field.max_velocity == 0) continue;
    if (std::abs(command[i] - hold[i]) > field.max_velocity * limit_s) return &field;
  }
  return nullptr;
}

}  // namespace gyre::run
