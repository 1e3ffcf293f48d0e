#include "gyre/run/safety_filter.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

struct Interval {
  double low, high;
};

Interval velocity_limits(const Field& field, double sent, double period_s) {
  const double reach =
      field.kind == FieldKind::kVelocity ? field.max_velocity : field.max_velocity * period_s;
  const double centre = field.kind == FieldKind::kPosition ? sent : 0;
  return {centre - reach, centre + reach};
}

}  // namespace

SafetyFilter::SafetyFilter(const Embodiment& embodiment)
    : fields_(embodiment.action), period_s_(embodiment.action_period_s) {
  embodiment.validate();
}

void SafetyFilter::reset(std::span<const float> hold) { sent_.assign(hold.begin(), hold.end()); }

std::string SafetyFilter::apply(std::span<const float> hold, std::vector<float>& action) {
  std::string reasons;
  const auto complain = [&reasons](const std::string& who, const char* what) {
    reasons += (reasons.empty() ? "" : ", ") + who + ": " + what;
  };
  if (action.size() != fields_.size()) {
    complain("action", "wrong width");
    action.assign(hold.begin(), hold.end());
  }
  if (sent_.empty()) reset(hold);
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    if (!std::isfinite(action[i])) {
      complain(field.name, "non-finite");
      action[i] = hold[i];
    }
    const float in_range =
        static_cast<float>(std::clamp(static_cast<double>(action[i]), field.min, field.max));
    if (in_range != action[i]) complain(field.name, "range");
    action[i] = in_range;
    if (field.max_velocity > 0 && !field.gripper) {
      const Interval limits = velocity_limits(field, sent_[i], period_s_);
      // Rounding to float may step over a limit that it stands on; that is no change.
      const double slack = 1e-5 * (limits.high - limits.low);
      if (action[i] < limits.low - slack || action[i] > limits.high + slack) {
        complain(field.name, "velocity");
        action[i] =
            static_cast<float>(std::clamp(static_cast<double>(action[i]), limits.low, limits.high));
      }
    }
  }
  sent_ = action;
  return reasons;
}

}  // namespace gyre::run
