#include "gyre/run/axis_limiter.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

constexpr int kBisections = 20;
constexpr double kRounding = 1e-9;  // relative, of doubles; far below AxisLimiter::kSlack

// `steps` steps with one third difference: sums of 1, i and i (i + 1) / 2.
Motion ramp(const Motion& m, double third, double steps) {
  const double pairs = steps * (steps + 1) / 2;
  return {m.x + steps * m.d + pairs * (m.a + (steps + 2) / 3 * third),
          m.d + steps * m.a + pairs * third, m.a + steps * third};
}

// Fills in a plan of n1 steps to the level -p, n2 there, n3 back to 0, with d + (sum of second
// differences) = 0: p = (2 d + a (n1 - 1)) / (n1 + 2 n2 + n3). Returns whether it obeys the limits.
bool try_plan(const AxisLimits& limits, double d, double a, double n1, double n3, StopPlan& plan) {
  const double twice = 2 * d + a * (n1 - 1);
  double n2 = 0;
  if (std::isfinite(limits.second)) {
    n2 = std::max(0., std::ceil((std::abs(twice) / limits.second - n1 - n3) / 2 - kRounding));
  }
  const double p = twice / (n1 + 2 * n2 + n3);
  const double third = limits.third * (1 + kRounding);
  if (std::abs(a + p) > n1 * third || std::abs(p) > n3 * third ||
      std::abs(p) > limits.second * (1 + kRounding)) {
    return false;
  }
  plan = {-(a + p) / n1, -p, p / n3, n1, n2, n3};
  return true;
}

// A short plan that stops the motion, whatever range and first difference are. Whole numbers of
// periods near the time-optimal continuous ones (a ramp, a level at most `second`, a ramp) are
// tried, the shortest first.
StopPlan plan_stop(const AxisLimits& limits, const Motion& m) {
  StopPlan plan;
  if (!std::isfinite(limits.third)) {
    if (std::isfinite(limits.second)) {
      plan.level = -std::copysign(limits.second, m.d);
      plan.steps_level = std::floor(std::abs(m.d) / limits.second);
    }
    return plan;
  }
  if (m.d == 0 && std::abs(m.a) <= limits.third) return plan;
  const double rest = m.d + m.a * std::abs(m.a) / (2 * limits.third);  // where a is brought to 0
  const double sign = rest >= 0 ? 1 : -1;
  const double d = sign * m.d, a = sign * m.a;
  const double peak =
      std::min(std::sqrt(std::max(0., limits.third * d + a * a / 2)), limits.second);
  const double in = std::max(1., std::ceil((a + peak) / limits.third - kRounding));
  const double out = std::max(1., std::ceil(peak / limits.third - kRounding));
  bool found = false;
  for (const auto& [more_in, more_out] :
       {std::pair{-1, -1}, {-1, 0}, {0, -1}, {0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
    found = in + more_in >= 1 && out + more_out >= 1 &&
            try_plan(limits, d, a, in + more_in, out + more_out, plan);
    if (found) break;
  }
  // A longer way out brings p towards 0, which any ramp in of enough steps allows.
  const double steps = std::max(in, std::ceil(std::abs(a) / limits.third)) + 1;
  for (double more = 2; !found; more *= 2) {
    found = try_plan(limits, d, a, steps, more * (out + steps), plan);
  }
  plan.ramp_in *= sign;
  plan.level *= sign;
  plan.ramp_out *= sign;
  return plan;
}

// True when the plan from `m` (exclusive) stays inside range and first difference. The first
// difference has one extreme, where the second changes its sign in the ramp in, and goes to 0 from
// there without a turn.
bool obeys(const AxisLimits& limits, const Motion& m, const StopPlan& plan) {
  double turn = 0;  // steps until the extreme
  if (plan.steps_in > 0 && plan.ramp_in != 0) {
    turn = std::clamp(std::floor(-m.a / plan.ramp_in), 0., plan.steps_in);
  }
  const double extreme = ramp(m, plan.ramp_in, turn).d;
  if (std::abs(extreme) > limits.first * (1 + AxisLimiter::kSlack)) return false;
  const double end = plan.after(m, plan.length()).x;
  double least = std::min(m.x, end), most = std::max(m.x, end);
  if (m.d * extreme < 0) {
    // It turns back on its way. The differences up to the turn are convex (or concave), so that
    // their sum on this side of 0 is below the triangle under the chord.
    const double way = m.d * m.d * turn / (2 * (std::abs(m.d) + std::abs(extreme)));
    least = std::min(least, m.x - way);
    most = std::max(most, m.x + way);
  }
  // A value outside the range only comes back.
  const bool above = m.x > limits.high, below = m.x < limits.low;
  if (above && (m.d > 0 || extreme > 0)) return false;
  if (below && (m.d < 0 || extreme < 0)) return false;
  return (below || least >= limits.low) && (above || most <= limits.high);
}

}  // namespace

double StopPlan::next(const Motion& motion) const noexcept {
  if (steps_in > 1) return motion.a + ramp_in;
  if (steps_in > 0 || steps_level > 0) return level;
  if (steps_out > 1) return motion.a + ramp_out;
  return steps_out > 0 ? 0 : -motion.d;
}

void StopPlan::advance() noexcept {
  double& steps = steps_in > 0 ? steps_in : steps_level > 0 ? steps_level : steps_out;
  if (steps > 0) steps -= 1;
}

Motion StopPlan::after(Motion motion, double steps) const noexcept {
  double part = std::min(steps, steps_in);
  motion = ramp(motion, ramp_in, part);
  steps -= part;
  part = std::min(steps, steps_level);
  if (part > 0) {
    motion.a = level;
    motion = ramp(motion, 0, part);
    steps -= part;
  }
  part = std::min(steps, steps_out);
  if (part > 0) {
    motion.a = level;
    motion = ramp(motion, ramp_out, part);
    steps -= part;
  }
  if (steps > 0) motion = {motion.x, 0, -motion.d};
  return motion;
}

void AxisLimiter::reset(double x) noexcept {
  motion_ = {x, 0, 0};
  stop_ = {};
  wanted_ = x;
  wanted_rate_ = 0;
}

AxisStep AxisLimiter::braking() const noexcept {
  AxisStep step{.motion = motion_, .stop = stop_, .wanted = motion_.x};
  step.motion.a = stop_.next(motion_);
  step.motion.d += step.motion.a;
  step.motion.x += step.motion.d;
  // Takes back what rounding adds.
  step.motion.x = std::clamp(step.motion.x, std::min(limits_.low, motion_.x),
                             std::max(limits_.high, motion_.x));
  step.stop.advance();
  return step;
}

bool AxisLimiter::accept(double second, AxisStep& step) const noexcept {
  step.motion = {motion_.x + (motion_.d + second), motion_.d + second, second};
  step.motion.x = std::clamp(step.motion.x, std::min(limits_.low, motion_.x),
                             std::max(limits_.high, motion_.x));
  step.stop = plan_stop(limits_, step.motion);
  return obeys(limits_, step.motion, step.stop);
}

// The rate at which the request moves: the smaller of its last two differences, 0 when they
// disagree or when the axis could not keep up.
double AxisLimiter::rate_of(double target) const noexcept {
  const double rate = target - wanted_;
  if (rate * wanted_rate_ <= 0 || std::abs(rate) > limits_.first) return 0;
  return std::abs(rate) < std::abs(wanted_rate_) ? rate : wanted_rate_;
}

// The second difference in [least, most] after which a stop relative to the moving target ends
// nearest to it.
double AxisLimiter::pursue(double target, double rate, double least, double most) const noexcept {
  const auto left = [&](double second) {
    const double d = motion_.d + second;
    const Motion relative{motion_.x + d - target, d - rate, second};
    const StopPlan plan = plan_stop(limits_, relative);
    return -plan.after(relative, plan.length()).x;
  };
  if (left(most) >= 0) return most;
  if (left(least) <= 0) return least;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = least + (most - least) / 2;
    (left(middle) >= 0 ? least : most) = middle;
  }
  return least;
}

AxisStep AxisLimiter::toward(double wanted) const noexcept {
  const double target = std::clamp(wanted, limits_.low, limits_.high);
  const double d = target - motion_.x;
  AxisStep step{.motion = {target, d, d - motion_.d}, .wanted = target};
  const auto exceeds = [](double value, double limit) {
    return std::abs(value) > limit * (1 + kSlack);
  };
  uint8_t over = 0;
  if (exceeds(d, limits_.first)) over |= kFirst;
  if (exceeds(step.motion.a, limits_.second)) over |= kSecond;
  if (exceeds(step.motion.a - motion_.a, limits_.third)) over |= kThird;
  if (over == 0) {
    step.stop = plan_stop(limits_, step.motion);
    if (obeys(limits_, step.motion, step.stop)) return step;
    over = kStop;
  }
  // Second differences that the limits of this one step allow; the braking one always is.
  const double brake = stop_.next(motion_);
  const double coast = motion_.x + motion_.d;
  double least = std::max({-limits_.second, motion_.a - limits_.third, -limits_.first - motion_.d,
                           std::min(limits_.low, motion_.x) - coast});
  double most = std::min({limits_.second, motion_.a + limits_.third, limits_.first - motion_.d,
                          std::max(limits_.high, motion_.x) - coast});
  least = std::min(least, brake);
  most = std::max(most, brake);
  const double chosen = pursue(target, rate_of(target), least, most);
  if (!accept(chosen, step)) {
    step = braking();
    double good = brake, bad = chosen;
    for (int i = 0; i < kBisections; ++i) {
      const double middle = good + (bad - good) / 2;
      AxisStep candidate;
      if (accept(middle, candidate)) {
        step = candidate;
        good = middle;
      } else {
        bad = middle;
      }
    }
  }
  step.wanted = target;
  step.over = over;
  return step;
}

bool AxisLimiter::blend(const AxisStep& step, double share, AxisStep& blended) const noexcept {
  blended = step;
  const double brake = stop_.next(motion_);
  return accept(brake + share * (step.motion.a - brake), blended);
}

void AxisLimiter::take(const AxisStep& step) noexcept {
  motion_ = step.motion;
  stop_ = step.stop;
  wanted_rate_ = step.wanted - wanted_;
  wanted_ = step.wanted;
}

}  // namespace gyre::run
