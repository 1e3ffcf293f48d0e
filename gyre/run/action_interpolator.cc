#include "gyre/run/action_interpolator.h"

#include <algorithm>

namespace gyre::run {

ActionInterpolator::ActionInterpolator(const Embodiment& contract)
    : fields_(contract.action), ticks_(contract.ticks_per_action()) {
  for (auto& target : targets_) target.resize(fields_.size());
}

void ActionInterpolator::reset(std::span<const float> command) noexcept {
  for (auto& target : targets_) std::ranges::copy(command, target.begin());
  has_next_ = false;
}

void ActionInterpolator::begin(std::span<const float> action,
                               std::span<const float> next) noexcept {
  std::ranges::copy(targets_[1], targets_[0].begin());
  std::ranges::copy(targets_[2], targets_[1].begin());
  std::ranges::copy(action, targets_[2].begin());
  has_next_ = next.size() == targets_[3].size();
  std::ranges::copy(has_next_ ? next : action, targets_[3].begin());
}

void ActionInterpolator::command(int k, std::span<float> command) const noexcept {
  const auto& action = targets_[2];
  if (ticks_ == 1) {
    std::ranges::copy(action, command.begin());
    return;
  }
  const double t = static_cast<double>(k + 1) / ticks_;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const bool held = field.gripper || field.kind == FieldKind::kVelocity;
    if (!held && field.kind == FieldKind::kDelta) {
      command[i] = action[i] / static_cast<float>(ticks_);
    } else if (held || k + 1 == ticks_) {
      command[i] = action[i];
    } else {
      const double from = targets_[1][i], to = action[i];
      const double slope_from = (to - targets_[0][i]) / 2;
      const double slope_to = has_next_ ? (targets_[3][i] - from) / 2 : 0;
      const double t2 = t * t, t3 = t2 * t;
      command[i] =
          static_cast<float>((2 * t3 - 3 * t2 + 1) * from + (t3 - 2 * t2 + t) * slope_from +
                             (-2 * t3 + 3 * t2) * to + (t3 - t2) * slope_to);
    }
  }
}

}  // namespace gyre::run
