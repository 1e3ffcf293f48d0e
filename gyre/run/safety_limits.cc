#include "gyre/run/safety_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
constexpr double kNothingMoves = 1e-15;
constexpr size_t kMostFields = 64;

// The continuous way from `velocity` to rest; 0 when nothing limits it.
double braking_way(const Field& f) {
  const double v = f.max_velocity, a = f.max_acceleration, j = f.max_jerk;
  if (j > 0 && (a == 0 || a * a >= v * j)) return v * std::sqrt(v / j);
  if (a == 0) return 0;
  return v * (v / a + (j > 0 ? a / j : 0)) / 2;
}

void check(const Field& f, const std::string& where) {
  for (const auto& [name, limit] : {std::pair{"velocity", f.max_velocity},
                                    {"acceleration", f.max_acceleration},
                                    {"jerk", f.max_jerk}}) {
    if (!(std::isfinite(limit) && limit >= 0)) {
      throw Error(where, fmt::format("its {} limit is {}", name, limit),
                  "give a positive number, or 0 for none");
    }
  }
  const auto low = static_cast<float>(f.min), high = static_cast<float>(f.max);
  if (!(std::isfinite(low) && std::isfinite(high) && low < high)) {
    throw Error(where,
                fmt::format("its range {} .. {} is empty or not finite as floats", f.min, f.max),
                "give min < max");
  }
  if (f.gripper) return;
  if (f.kind != FieldKind::kPosition) {
    if (f.min > 0 || f.max < 0) {
      throw Error(where,
                  fmt::format("its range {} .. {} does not hold 0: it cannot stop", f.min, f.max),
                  "give min <= 0 <= max");
    }
    return;
  }
  const double way = braking_way(f);
  if (f.max_velocity > 0 && way > f.max - f.min) {
    throw Error(where,
                fmt::format("braking from max_velocity {} takes {:.6g}, its range is {:.6g} long",
                            f.max_velocity, way, f.max - f.min),
                "lower max_velocity, or raise max_acceleration or max_jerk");
  }
}

double per_period(double limit, double factor, double range, const std::string& where) {
  if (limit == 0) return kUnlimited;
  if (limit * factor < kNothingMoves * range) {
    throw Error(where, fmt::format("a limit of {} lets nothing move in a period", limit),
                "raise it, or give 0 for none");
  }
  return limit * factor;
}

FieldLimits limits_of(const Field& f, double period_s, const std::string& where) {
  check(f, where);
  FieldLimits limits{.min = static_cast<float>(f.min),
                     .max = static_cast<float>(f.max),
                     .position = f.kind == FieldKind::kPosition,
                     .gripper = f.gripper};
  AxisLimits& axis = limits.axis;
  axis = {limits.min, limits.max, kUnlimited, kUnlimited, kUnlimited};
  if (f.gripper) return limits;
  const double range = axis.high - axis.low, t = period_s;
  if (limits.position) {
    axis.first = per_period(f.max_velocity, t, range, where);
    axis.second = per_period(f.max_acceleration, t * t, range, where);
    axis.third = per_period(f.max_jerk, t * t * t, range, where);
    return limits;
  }
  const double unit = f.kind == FieldKind::kDelta ? t : 1;  // of the field, for a velocity of 1
  if (f.max_velocity > 0) {
    const double most = static_cast<float>(f.max_velocity * unit);
    axis.low = std::max(axis.low, -most);
    axis.high = std::min(axis.high, most);
  }
  axis.first = per_period(f.max_acceleration, unit * t, range, where);
  axis.second = per_period(f.max_jerk, unit * t * t, range, where);
  return limits;
}

}  // namespace

std::vector<FieldLimits> safety_limits(const Embodiment& embodiment, double period_s) {
  const std::string owner = "embodiment '" + embodiment.name + "'";
  if (!(std::isfinite(period_s) && period_s > 0)) {
    throw Error(owner, fmt::format("its control period is {} s", period_s), "give a positive one");
  }
  if (embodiment.action.empty() || embodiment.action.size() > kMostFields) {
    throw Error(owner, fmt::format("has {} action fields", embodiment.action.size()),
                "the safety filter takes 1 to 64");
  }
  std::vector<FieldLimits> limits;
  for (const Field& field : embodiment.action) {
    limits.push_back(
        limits_of(field, period_s, fmt::format("{}: action field '{}'", owner, field.name)));
  }
  return limits;
}

}  // namespace gyre::run
