#include "gyre/run/action_interpolator.h"

#include <algorithm>

namespace gyre::run {

ActionInterpolator::ActionInterpolator(const Embodiment& contract)
    : fields_(contract.action), ticks_(contract.ticks_per_action()) {
  for (auto* values : {&action_, &last_}) values->resize(fields_.size());
  for (auto* values : {&from_, &slope_from_, &slope_to_, &slope_}) values->resize(fields_.size());
}

void ActionInterpolator::reset(std::span<const float> command) noexcept {
  std::ranges::copy(command, last_.begin());
  std::ranges::fill(slope_, 0.0);
  follows_curve_ = false;
}

void ActionInterpolator::begin(std::span<const float> action,
                               std::span<const float> next) noexcept {
  std::ranges::copy(action, action_.begin());
  for (size_t i = 0; i < fields_.size(); ++i) {
    from_[i] = last_[i];
    slope_from_[i] = follows_curve_ ? slope_to_[i] : slope_[i];
    slope_to_[i] = next.empty() ? 0 : (next[i] - from_[i]) / 2;
  }
  follows_curve_ = true;
}

void ActionInterpolator::command(int k, std::span<float> command) const noexcept {
  if (ticks_ == 1) {
    std::ranges::copy(action_, command.begin());
    return;
  }
  const double t = static_cast<double>(k + 1) / ticks_;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const bool held = field.gripper || field.kind == FieldKind::kVelocity;
    if (!held && field.kind == FieldKind::kDelta) {
      command[i] = action_[i] / static_cast<float>(ticks_);
    } else if (held || k + 1 == ticks_) {
      command[i] = action_[i];
    } else {
      const double t2 = t * t, t3 = t2 * t;
      command[i] =
          static_cast<float>((2 * t3 - 3 * t2 + 1) * from_[i] + (t3 - 2 * t2 + t) * slope_from_[i] +
                             (-2 * t3 + 3 * t2) * action_[i] + (t3 - t2) * slope_to_[i]);
    }
  }
}

void ActionInterpolator::sent(std::span<const float> command, bool as_proposed) noexcept {
  follows_curve_ &= as_proposed;
  for (size_t i = 0; i < fields_.size(); ++i) {
    slope_[i] = (static_cast<double>(command[i]) - last_[i]) * ticks_;
    last_[i] = command[i];
  }
}

}  // namespace gyre::run
