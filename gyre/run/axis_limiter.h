#pragma once

#include <cstdint>

namespace gyre::run {

// One axis: its value and the first and second backward differences of the values sent, in the
// axis' unit per period and per period squared.
struct Motion {
  double x = 0, d = 0, a = 0;
};

// A braking manoeuvre: the second difference ramps to `level`, stays there, ramps to zero. The step
// after these removes what is left of the first difference (rounding, or all of it where nothing
// limits the second difference). Counts are whole numbers, kept as doubles for the sums.
struct StopPlan {
  double ramp_in = 0, level = 0, ramp_out = 0;  // third, second and third difference
  double steps_in = 0, steps_level = 0, steps_out = 0;

  double next(const Motion& motion) const noexcept;  // second difference of the next step
  void advance() noexcept;                           // after that step was taken
  double length() const noexcept { return steps_in + steps_level + steps_out + 1; }
  // The motion after the first `steps` (0 .. length()) steps from `motion`, where the plan began.
  Motion after(Motion motion, double steps) const noexcept;
};

// Per period, not per second; infinity where there is no limit. low <= high are finite.
struct AxisLimits {
  double low = 0, high = 0;
  double first, second, third;  // of the differences' magnitudes
};

// A step that the limits allow, with a way to stop after it that they allow too.
struct AxisStep {
  Motion motion;
  StopPlan stop;
  double wanted = 0;  // the request that led to it
  uint8_t over = 0;   // AxisLimiter::Over bits of the request; 0: the request itself
};

// Keeps the values of one axis, step after step, inside range and difference limits together.
//
// Invariant: the last step taken comes with a StopPlan, a full stop inside all limits. A new step
// is accepted only when it obeys the limits and a StopPlan from its end does; when nothing better
// is accepted, the next step of the old plan is taken, whose rest is again such a plan. So no
// request leads to a state without a way out. Plans are closed sums: a step costs the same however
// long the braking takes.
//
// Requests that are accepted are taken as they are. Others are approached: the step is chosen so
// that a stop relative to the request (which may move on at its own rate) ends at it.
//
// All limits hold up to a relative kSlack, which lets requests pass that stand on a limit and were
// rounded to float.
class AxisLimiter {
 public:
  static constexpr double kSlack = 1e-5;
  enum Over : uint8_t {
    kFirst = 1,
    kSecond = 2,
    kThird = 4,
    kStop = 8
  };  // kStop: too near the end

  explicit AxisLimiter(const AxisLimits& limits) : limits_(limits) {}

  // Starts at rest. Outside the range, values never go further out and return at the limits' pace.
  void reset(double x) noexcept;
  // `wanted` is finite; outside the range, its nearest end is wanted.
  AxisStep toward(double wanted) const noexcept;
  AxisStep braking() const noexcept;
  // The step that lies `share` (0 .. 1) of the way from braking() to `step`, in `blended`. Returns
  // whether it has a way to stop.
  bool blend(const AxisStep& step, double share, AxisStep& blended) const noexcept;
  void take(const AxisStep& step) noexcept;

  const Motion& motion() const noexcept { return motion_; }

 private:
  bool accept(double second, AxisStep& step) const noexcept;
  double pursue(double target, double rate, double least, double most) const noexcept;
  double rate_of(double target) const noexcept;

  AxisLimits limits_;
  Motion motion_;
  StopPlan stop_;
  double wanted_ = 0, wanted_rate_ = 0;  // the last request and its difference
};

}  // namespace gyre::run
