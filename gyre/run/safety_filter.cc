#include "gyre/run/safety_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr double kMostPoints = 32;  // of a way to a stop that the box is held at
constexpr int kBlends = 8;          // bisections between braking and what is wanted

constexpr Reasons bit(Reason reason) { return static_cast<Reasons>(reason); }

Reasons reasons_of(const FieldLimits& limits, uint8_t over) {
  Reasons reasons = 0;
  const auto first = limits.position ? Reason::kVelocity : Reason::kAcceleration;
  const auto second = limits.position ? Reason::kAcceleration : Reason::kJerk;
  if (over & (AxisLimiter::kFirst | AxisLimiter::kStop)) reasons |= bit(first);
  if (over & AxisLimiter::kSecond) reasons |= bit(second);
  if (over & AxisLimiter::kThird) reasons |= bit(Reason::kJerk);
  return reasons;
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

std::string describe(Reasons reasons) {
  std::string text;
  for (const auto& [reason, name] : {std::pair{Reason::kNonFinite, "non-finite"},
                                     {Reason::kRange, "range"},
                                     {Reason::kVelocity, "velocity"},
                                     {Reason::kAcceleration, "acceleration"},
                                     {Reason::kJerk, "jerk"},
                                     {Reason::kWorkspace, "workspace"},
                                     {Reason::kWidth, "wrong width"},
                                     {Reason::kHoldNonFinite, "hold non-finite"}}) {
    if (has(reasons, reason)) text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

SafetyFilter::SafetyFilter(const Embodiment& embodiment, double period_s, WorkspaceCheck* check)
    : limits_(safety_limits(embodiment, period_s)), check_(check), box_(embodiment.workspace) {
  const std::string owner = "embodiment '" + embodiment.name + "'";
  for (const FieldLimits& field : limits_) {
    axes_.emplace_back(field.axis);
    if (check != nullptr && !field.gripper && !field.position) {
      throw Error(owner, "a workspace box is held for joint positions only",
                  "filter the joint commands behind inverse kinematics");
    }
  }
  for (int axis = 0; axis < 3 && check != nullptr; ++axis) {
    if (!(std::isfinite(box_.min[axis]) && std::isfinite(box_.max[axis]) &&
          box_.min[axis] < box_.max[axis])) {
      throw Error(owner,
                  fmt::format("its workspace box is {} .. {} along {}", box_.min[axis],
                              box_.max[axis], "xyz"[axis]),
                  "give min < max");
    }
  }
  sent_.resize(limits_.size());
  point_.resize(limits_.size());
  openings_.resize(limits_.size());
}

bool SafetyFilter::reset(std::span<const float> measured) noexcept {
  if (measured.size() != limits_.size() || !all_finite(measured)) return false;
  for (size_t i = 0; i < limits_.size(); ++i) {
    sent_[i] = limits_[i].position ? measured[i] : 0;
    axes_[i].reset(sent_[i]);
  }
  located_ = check_ != nullptr && check_->position(sent_, sent_at_.data());
  started_ = true;
  return true;
}

Reasons SafetyFilter::apply(std::span<const float> hold, std::span<float> action) noexcept {
  const size_t width = limits_.size();
  const bool right_width = action.size() == width;
  const bool usable = hold.size() == width && all_finite(hold);
  if (!started_ && !reset(hold)) {
    // Nothing is known: the nearest command to 0, which the caller must not send.
    for (size_t i = 0; i < width; ++i) {
      sent_[i] = std::clamp(0.F, limits_[i].min, limits_[i].max);
      axes_[i].reset(sent_[i]);
    }
    located_ = false;
  }
  wish(hold, right_width ? std::span<const float>(action) : hold, !usable);
  if (check_ != nullptr) keep_inside();

  Reasons reasons = 0;
  if (!right_width) reasons |= bit(Reason::kWidth);
  if (!usable) reasons |= bit(Reason::kHoldNonFinite);
  changed_ = 0;
  for (size_t i = 0; i < width; ++i) {
    if (!limits_[i].gripper) axes_[i].take(steps_[i]);
    sent_[i] = limits_[i].gripper ? openings_[i] : static_cast<float>(axes_[i].motion().x);
    const bool same = right_width && sent_[i] == action[i];
    if (same) continue;
    changed_ |= uint64_t{1} << i;
    reasons |= why_[i];
    if (i < action.size()) action[i] = sent_[i];
  }
  return reasons;
}

// Fills steps_, openings_ and why_ with what the limits of each field alone make of the action.
void SafetyFilter::wish(std::span<const float> hold, std::span<const float> action,
                        bool brake) noexcept {
  for (size_t i = 0; i < limits_.size(); ++i) {
    const FieldLimits& field = limits_[i];
    why_[i] = 0;
    if (brake) {
      openings_[i] = std::clamp(field.position ? sent_[i] : 0, field.min, field.max);
      steps_[i] = field.position ? axes_[i].braking() : axes_[i].toward(0);
      continue;
    }
    float wanted = action[i];
    if (!std::isfinite(wanted)) {
      why_[i] |= bit(Reason::kNonFinite);
      wanted = hold[i];
    }
    if (wanted < field.min || wanted > field.max) why_[i] |= bit(Reason::kRange);
    wanted = std::clamp(wanted, field.min, field.max);
    openings_[i] = wanted;
    if (field.gripper) continue;
    if (wanted < field.axis.low || wanted > field.axis.high) why_[i] |= bit(Reason::kVelocity);
    steps_[i] = axes_[i].toward(wanted);
    why_[i] |= reasons_of(field, steps_[i].over);
  }
}

// The grasp frame `ahead` periods after `steps` on the way to a stop.
bool SafetyFilter::locate(const Steps& steps, double ahead, std::array<double, 3>& at) noexcept {
  for (size_t i = 0; i < limits_.size(); ++i) {
    const AxisStep& step = steps[i];
    const double most = std::min(ahead, step.stop.length());
    point_[i] = limits_[i].gripper ? openings_[i]
                                   : static_cast<float>(step.stop.after(step.motion, most).x);
  }
  return check_->position(point_, at.data());
}

// True when `at` is inside the box, or no further outside along any axis than `from`.
bool SafetyFilter::within(const std::array<double, 3>& from,
                          const std::array<double, 3>& at) const noexcept {
  for (int axis = 0; axis < 3; ++axis) {
    if (!(at[axis] >= std::min(box_.min[axis], from[axis]) &&
          at[axis] <= std::max(box_.max[axis], from[axis]))) {
      return false;
    }
  }
  return true;
}

// True when the box allows `steps` and the way to a stop behind them. Leaves step_at_.
bool SafetyFilter::inside(const Steps& steps) noexcept {
  if (!locate(steps, 0, step_at_)) return false;
  const std::array<double, 3> anywhere = {box_.min[0], box_.min[1], box_.min[2]};
  if (!within(located_ ? sent_at_ : anywhere, step_at_)) return false;
  double length = 0;
  for (size_t i = 0; i < limits_.size(); ++i) {
    if (!limits_[i].gripper) length = std::max(length, steps[i].stop.length());
  }
  length -= 1;  // the last step has no way
  const double points = std::min(length, kMostPoints);
  std::array<double, 3> from = step_at_, at;
  for (double point = 1; point <= points; ++point) {
    const double ahead =
        points < length ? std::floor(1 + (point - 1) * (length - 1) / (points - 1)) : point;
    if (!locate(steps, ahead, at) || !within(from, at)) return false;
    from = at;
  }
  return true;
}

// Draws steps_ back towards braking until the box allows them. All axes keep their share of the
// way, so that the arm's path bends as little as can be.
void SafetyFilter::keep_inside() noexcept {
  if (inside(steps_)) {
    sent_at_ = step_at_;
    located_ = true;
    return;
  }
  Steps& best = blended_;
  for (size_t i = 0; i < limits_.size(); ++i) best[i] = axes_[i].braking();
  double good = 0, bad = 1;
  Steps candidate;
  for (int round = 0; round < kBlends; ++round) {
    const double share = good + (bad - good) / 2;
    bool stops = true;
    for (size_t i = 0; i < limits_.size() && stops; ++i) {
      stops = limits_[i].gripper || axes_[i].blend(steps_[i], share, candidate[i]);
    }
    if (stops && inside(candidate)) {
      best = candidate;
      good = share;
    } else {
      bad = share;
    }
  }
  for (size_t i = 0; i < limits_.size(); ++i) {
    if (limits_[i].gripper) continue;
    best[i].wanted = steps_[i].wanted;
    steps_[i] = best[i];
    why_[i] |= bit(Reason::kWorkspace);
  }
  located_ = locate(steps_, 0, sent_at_);
}

}  // namespace gyre::run
