#include "tests/safety/filter_property.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/run/safety_filter.h"

namespace gyre::run {
namespace {

constexpr int kSteps = 48;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

double log_uniform(Rng& rng, double low, double high) {
  return low * std::exp(rng.uniform() * std::log(high / low));
}

float as_float(double value) { return static_cast<float>(value); }

// Links of random lengths in a plane that the first joint turns about the vertical.
class RandomArm : public WorkspaceCheck {
 public:
  RandomArm(Rng& rng, const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      links_.push_back(field.gripper ? 0 : rng.uniform(0.1, 1));
      // Radians for the whole range of a joint, whatever its unit.
      scale_.push_back(field.gripper ? 0 : rng.uniform(0.5, 3) / (field.max - field.min));
    }
  }
  bool position(std::span<const float> joints, double out[3]) noexcept override {
    double angle = 0, reach = 0, height = 0;
    for (size_t i = 0; i < joints.size(); ++i) {
      if (i > 0) angle += joints[i] * scale_[i];
      reach += links_[i] * std::cos(angle);
      height += links_[i] * std::sin(angle);
    }
    const double turn = joints[0] * scale_[0];
    out[0] = reach * std::cos(turn);
    out[1] = reach * std::sin(turn);
    out[2] = height;
    return true;
  }

 private:
  std::vector<double> links_, scale_;
};

// A field whose limits bind within a sequence: velocities cross the range in 2 to 200 periods, and
// braking takes up to 0.4 of it. `brisk`: every limit but jerk is there, and stops are short.
Field random_field(Rng& rng, int index, double period_s, bool brisk) {
  Field f;
  f.name = fmt::format("field{}", index);
  const double kind = brisk ? 0 : rng.uniform();
  const double range = log_uniform(rng, 1e-3, 1e3);
  const double t = period_s;
  f.kind = kind < 0.65   ? FieldKind::kPosition
           : kind < 0.82 ? FieldKind::kVelocity
                         : FieldKind::kDelta;
  f.gripper = index > 0 && rng.chance(0.1);
  const bool has_velocity = brisk || rng.chance(0.65), has_acceleration = brisk || rng.chance(0.65),
             has_jerk = rng.chance(0.65);
  if (f.kind != FieldKind::kPosition) {
    f.min = -range * rng.uniform();
    f.max = range * rng.uniform(0.05, 1);
    const double unit = f.kind == FieldKind::kDelta ? t : 1;
    if (has_velocity) f.max_velocity = range * rng.uniform(0.05, 1) / unit;
    if (has_acceleration) f.max_acceleration = range / log_uniform(rng, 1, 50) / (unit * t);
    if (has_jerk) f.max_jerk = range / log_uniform(rng, 1, 300) / (unit * t * t);
    return f;
  }
  const double middle = range * rng.uniform(-1, 1);
  f.min = middle - range / 2;
  f.max = middle + range / 2;
  const double way = range * log_uniform(rng, 1e-3, 0.4);  // of braking, at most
  const double crossing = t * log_uniform(rng, 2, brisk ? 20 : 200);
  const double v = range / crossing;
  double a = v * v / (2 * way);
  if (has_velocity) f.max_velocity = v;
  if (has_acceleration) f.max_acceleration = a;
  if (has_jerk) {
    f.max_jerk = has_acceleration ? a / (t * log_uniform(rng, 0.1, brisk ? 4 : 20))
                                  : v * v * v / (way * way);
    // Not so little that braking would be longer than the range.
    if (has_velocity && has_acceleration) {
      f.max_jerk = std::max(f.max_jerk, std::max(a * a / v, a * v / (2 * (range - way))) * 1.01);
    }
  }
  return f;
}

// Pattern of the requests of one field, for a while.
enum class Way { kWalk, kJump, kEnd, kAlternate, kStay, kFar, kNotFinite, kTiny, kRamp, kCount };

class Requests {
 public:
  Requests(Rng& rng, const Field& field, float start) : rng_(rng), field_(field), at_(start) {}
  float next() {
    if (left_-- <= 0) begin();
    const double range = field_.max - field_.min;
    switch (way_) {
      case Way::kWalk:
        at_ += step_ * rng_.normal();
        break;
      case Way::kRamp:
        at_ += step_;
        break;
      case Way::kJump:
        at_ = rng_.uniform(field_.min, field_.max);
        break;
      case Way::kEnd:
      case Way::kStay:
        break;
      case Way::kAlternate:
        if (left_ % every_ == 0)
          at_ = at_ > (field_.min + field_.max) / 2 ? field_.min : field_.max;
        break;
      case Way::kFar:
        return rng_.chance(0.3) ? (rng_.chance(0.5) ? 1e30F : -1e30F)
                                : as_float(at_ + 3 * range * rng_.normal());
      case Way::kNotFinite:
        return rng_.chance(0.5) ? kNan : rng_.chance(0.5) ? kInfinity : -kInfinity;
      default:
        return rng_.chance(0.5) ? 1e-42F : -3e-45F;
    }
    at_ = std::clamp(at_, field_.min - range, field_.max + range);
    return as_float(at_);
  }

 private:
  void begin() {
    way_ = static_cast<Way>(rng_.below(static_cast<int>(Way::kCount)));
    left_ = static_cast<int>(1 + rng_.below(way_ == Way::kNotFinite ? 3 : 24));
    every_ = static_cast<int>(1 + rng_.below(8));
    step_ = (field_.max - field_.min) * log_uniform(rng_, 1e-4, 0.3) * (rng_.chance(0.5) ? 1 : -1);
    if (way_ == Way::kEnd) at_ = rng_.chance(0.5) ? field_.min : field_.max;
  }
  Rng& rng_;
  const Field& field_;
  double at_, step_ = 0;
  Way way_ = Way::kStay;
  int left_ = 0, every_ = 1;
};

// Backward differences of one field's commands against its limits, in its own words.
class FieldChecker {
 public:
  FieldChecker(const Field& field, double period_s, float start)
      : field_(field), at_{start, start, start} {
    const double t = period_s;
    const bool position = field.kind == FieldKind::kPosition;
    const double unit = position ? 1 : field.kind == FieldKind::kDelta ? 1 / t : 1;
    if (!position) at_.fill(0);
    const double most = std::max({std::abs(field.min), std::abs(field.max), std::abs(at_[0])});
    const float end = as_float(most);
    ulp_ = (static_cast<double>(std::nextafter(end, kInfinity)) - end) / 2;
    // Rates: velocity, acceleration, jerk as `order` differences of the commands, over t^order.
    order_ = position ? std::array{1, 2, 3} : std::array{0, 1, 2};
    for (int i = 0; i < 3; ++i) scale_[i] = unit / std::pow(t, order_[i]);
    limit_ = {field.max_velocity, field.max_acceleration, field.max_jerk};
  }

  // Returns the index of the first limit that the command breaks (0 range .. 3 jerk), or -1.
  int take(float command, double& worst) {
    const double low = as_float(field_.min), high = as_float(field_.max), x = command;
    const bool fine =
        std::isfinite(command) && x >= std::min(low, at_[0]) && x <= std::max(high, at_[0]);
    if (!fine || (field_.gripper && (x < low || x > high))) return 0;
    if (x == low || x == high) reached_[0] = true;
    const std::array<double, 4> d = {x, x - at_[0], x - 2 * at_[0] + at_[1],
                                     x - 3 * at_[0] + 3 * at_[1] - at_[2]};
    int broken = -1;
    for (int i = 0; i < 3 && !field_.gripper; ++i) {
      if (limit_[i] == 0) continue;
      const double rate = std::abs(d[order_[i]]) * scale_[i];
      const double rounding = std::ldexp(ulp_, order_[i]) * scale_[i];
      worst = std::max(worst, (rate - rounding) / limit_[i] - 1);
      if (rate > limit_[i] * (1 + 1e-5) * (1 + 1e-9) + rounding && broken < 0) broken = i + 1;
      if (rate > 0.999 * limit_[i]) reached_[i + 1] = true;
    }
    at_ = {x, at_[0], at_[1]};
    return broken;
  }
  // True when the limit (0 range .. 3 jerk) is there at all.
  bool has(int limit) const { return limit == 0 || (!field_.gripper && limit_[limit - 1] > 0); }
  bool reached(int limit) const { return reached_[limit]; }

 private:
  const Field& field_;
  std::array<double, 3> at_, scale_{}, limit_{};
  std::array<int, 3> order_{};
  double ulp_ = 0;  // half a float step at the largest value
  std::array<bool, 4> reached_{};
};

class Sequence {
 public:
  Sequence(uint64_t seed, int64_t index, PropertyResult& result)
      : rng_(Rng::stream(seed, std::to_string(index))), index_(index), result_(result) {
    embodiment_.name = "random";
    const bool boxed = rng_.chance(0.2);
    period_s_ = log_uniform(rng_, 1e-3, 0.1);
    const int width = static_cast<int>(1 + rng_.below(8));
    for (int i = 0; i < width; ++i) {
      embodiment_.action.push_back(random_field(rng_, i, period_s_, boxed));
    }
    const bool outside = rng_.chance(0.1);
    for (const Field& f : embodiment_.action) {
      const double range = f.max - f.min;
      const double margin = outside ? range * rng_.uniform(0, 0.5) : 0;
      start_.push_back(as_float(rng_.uniform(f.min - margin, f.max + margin)));
      if (!outside) start_.back() = std::clamp(start_.back(), as_float(f.min), as_float(f.max));
      if (f.kind != FieldKind::kPosition) start_.back() = 0;
      if (f.gripper) start_.back() = std::clamp(start_.back(), as_float(f.min), as_float(f.max));
    }
    result_.outside_starts += outside;
    if (boxed) place_box();
  }

  void run() {
    SafetyFilter filter(embodiment_, period_s_, arm_.get());
    if (!filter.reset(start_)) fault(0, "refuses its start");
    for (size_t i = 0; i < start_.size(); ++i) {
      requests_.emplace_back(rng_, embodiment_.action[i], start_[i]);
      checkers_.emplace_back(embodiment_.action[i], period_s_, start_[i]);
    }
    std::vector<float> last = start_;
    for (int step = 0; step < kSteps; ++step) one(filter, last, step);
    for (int limit = 0; limit < 5; ++limit) count(limit);
    ++result_.sequences;
  }

 private:
  // A box around the start, or, seldom, beside it.
  void place_box() {
    arm_ = std::make_unique<RandomArm>(rng_, embodiment_.action);
    ++result_.boxes;
    arm_->position(start_, frame_.data());
    for (int axis = 0; axis < 3; ++axis) {
      embodiment_.workspace.min[axis] = frame_[axis] - rng_.uniform(0.005, 1);
      embodiment_.workspace.max[axis] = frame_[axis] + rng_.uniform(0.005, 1);
      if (rng_.chance(0.05)) embodiment_.workspace.max[axis] = frame_[axis] - 0.001;
    }
  }

  std::vector<float> hold_after(const std::vector<float>& last) {
    std::vector<float> hold = last;
    if (rng_.chance(0.1)) {
      for (size_t i = 0; i < hold.size(); ++i) {
        hold[i] = as_float(embodiment_.action[i].min +
                           rng_.uniform(-0.1, 1.1) *
                               (embodiment_.action[i].max - embodiment_.action[i].min));
      }
    }
    if (rng_.chance(0.01)) hold[rng_.below(static_cast<int64_t>(hold.size()))] = kNan;
    if (rng_.chance(0.002)) hold.pop_back();
    return hold;
  }

  void one(SafetyFilter& filter, std::vector<float>& last, int step) {
    const size_t width = start_.size();
    const std::vector<float> hold = hold_after(last);
    std::vector<float> wanted;
    for (Requests& request : requests_) wanted.push_back(request.next());
    if (rng_.chance(0.01)) wanted.resize(rng_.below(static_cast<int64_t>(width) + 3));
    std::vector<float> action = wanted;
    const Reasons reasons = filter.apply(hold, action);
    reasons_ |= reasons;
    const std::vector<float> sent(filter.sent().begin(), filter.sent().end());
    if (wanted.size() == width) {
      uint64_t changed = 0;
      for (size_t i = 0; i < width; ++i) {
        if (std::memcmp(&action[i], &wanted[i], sizeof(float)) != 0) changed |= uint64_t{1} << i;
        if (action[i] != sent[i]) fault(step, "sent() is not the action");
      }
      if (changed != filter.changed()) fault(step, "changed() is not true");
      if (changed != 0 && reasons == 0) fault(step, "changed without a reason");
      result_.passed += reasons == 0;
    }
    bool usable = hold.size() == width;
    for (float v : hold) usable = usable && std::isfinite(v);
    if (usable == has(reasons, Reason::kHoldNonFinite)) fault(step, "kHoldNonFinite is not true");
    if ((wanted.size() == width) == has(reasons, Reason::kWidth)) fault(step, "kWidth is not true");
    check(sent, step);
    last = sent;
    ++result_.commands;
    result_.values += static_cast<int64_t>(width);
  }

  void check(const std::vector<float>& sent, int step) {
    bool fine = true;
    for (size_t i = 0; i < sent.size(); ++i) {
      const int broken = checkers_[i].take(sent[i], result_.worst);
      if (broken < 0) continue;
      fine = false;
      note(step, fmt::format("field {} breaks its {} at {}", i, kLimitNames[broken], sent[i]));
    }
    if (arm_ != nullptr) {
      std::array<double, 3> at;
      arm_->position(sent, at.data());
      for (int axis = 0; axis < 3; ++axis) {
        const double low = std::min(embodiment_.workspace.min[axis], frame_[axis]);
        const double high = std::max(embodiment_.workspace.max[axis], frame_[axis]);
        if (at[axis] < low - 1e-6 || at[axis] > high + 1e-6) {
          fine = false;
          note(step,
               fmt::format("leaves the box by {}", std::max(low - at[axis], at[axis] - high)));
        }
      }
      frame_ = at;
    }
    result_.outside += !fine;
  }

  void count(int limit) {
    bool present = false, reached = false;
    for (const FieldChecker& field : checkers_) {
      if (limit < 4) {
        present = present || field.has(limit);
        reached = reached || field.reached(limit);
      }
    }
    if (limit == 4) present = reached = arm_ != nullptr;
    const Reason names[] = {Reason::kRange, Reason::kVelocity, Reason::kAcceleration, Reason::kJerk,
                            Reason::kWorkspace};
    result_.limits[limit].present += present;
    result_.limits[limit].bound += present && reached && has(reasons_, names[limit]);
  }

  void note(int step, const std::string& text) {
    if (result_.first_fault.empty()) {
      result_.first_fault = fmt::format("sequence {}, command {}: {}", index_, step, text);
    }
  }
  void fault(int step, const std::string& text) {
    ++result_.unfaithful;
    note(step, text);
  }

  Rng rng_;
  int64_t index_;
  PropertyResult& result_;
  Embodiment embodiment_;
  double period_s_ = 0;
  std::vector<float> start_;
  std::unique_ptr<RandomArm> arm_;
  std::array<double, 3> frame_{};  // of the last command
  std::vector<Requests> requests_;
  std::vector<FieldChecker> checkers_;
  Reasons reasons_ = 0;
};

}  // namespace

bool PropertyResult::holds() const {
  return outside == 0 && unfaithful == 0 &&
         std::all_of(limits.begin(), limits.end(), [](auto& one) { return one.share() >= 0.05; });
}

PropertyResult check_filter(int64_t sequences, uint64_t seed) {
  PropertyResult result;
  for (int64_t i = 0; i < sequences; ++i) Sequence(seed, i, result).run();
  return result;
}

}  // namespace gyre::run
