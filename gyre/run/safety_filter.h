#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/run/axis_limiter.h"
#include "gyre/run/safety_limits.h"

namespace gyre::run {

// Why the filter changed an action.
enum class Reason : uint32_t {
  kNonFinite = 1,     // NaN or infinite: the hold's value was taken
  kRange = 2,         // outside the field's range
  kVelocity = 4,      // too fast, or too fast to stop before the range's end
  kAcceleration = 8,  // (of a velocity or delta also: too near the range's end)
  kJerk = 16,
  kWorkspace = 32,       // the grasp frame, or its way to a stop, would leave the workspace box
  kWidth = 64,           // the action has another width than the contract: hold was taken
  kHoldNonFinite = 128,  // the hold is unusable: the filter brakes; stop the robot
};
using Reasons = uint32_t;  // bits of Reason; 0: nothing was changed
constexpr bool has(Reasons reasons, Reason reason) {
  return (reasons & static_cast<Reasons>(reason)) != 0;
}
std::string describe(Reasons reasons);  // "range, velocity"; "" for 0

// The grasp frame's position for a command, by forward kinematics.
class WorkspaceCheck {
 public:
  virtual ~WorkspaceCheck() = default;
  // `joints`: a whole command [D] in the order of the action's fields, gripper included. `out`:
  // metres in the base's frame. Returns whether there is an answer; without, the box counts as
  // left.
  virtual bool position(std::span<const float> joints, double out[3]) noexcept = 0;
};

// The last thing before the innermost joint robot in every mode: policy, person, expert and hold
// alike pass through it.
//
// For every sequence of calls, the commands sent (an action after apply()):
// - are finite and inside their range [float(min), float(max)];
// - have velocity, acceleration and jerk, by backward differences at the control period, within
//   the limits up to 1e-5 of them plus the rounding of positions to float: with u half a float
//   step at the range's larger end, 2 u / T, 4 u / T^2 and 8 u / T^3;
// - always leave a full stop that keeps all of these (axis_limiter.h);
// - keep the grasp frame inside the workspace box, given a WorkspaceCheck, at each command, and on
//   the way to a stop at each period of the first 32 (of a longer way, at 32 periods spread evenly:
//   between those, the frame may leave the box by the sagitta of the arc between two of them).
//   Motion between two commands is the driver's.
// A robot that starts outside its range or box only comes back, at limited velocity. Grippers are
// held to finite and range only: an opening is a target which the driver approaches at its own
// speed.
//
// An action inside all of these comes out with the same bits.
class SafetyFilter {
 public:
  // `period_s`: of control, seconds. `check`, when given, must outlive the filter; the action's
  // fields must then be positions (but for the gripper). Throws Error for limits that contradict
  // each other (safety_limits.h), and for a box that is empty or not finite where there is a check.
  SafetyFilter(const Embodiment& embodiment, double period_s, WorkspaceCheck* check = nullptr);

  // Starts at rest at `measured` [D], in the action's order (velocities and deltas start at 0
  // whatever it says). Returns false and changes nothing when it is not finite or of another width.
  bool reset(std::span<const float> measured) noexcept;

  // Changes `action` [D] in place. `hold` [D] replaces entries that are not finite and is itself
  // filtered. An action of another width becomes the hold: then sent() is what to send, and as much
  // of it as fits is in `action`. With an unusable hold (not finite, or of another width) every
  // axis brakes to a stop. Before reset(), the hold is where the robot is taken to be.
  Reasons apply(std::span<const float> hold, std::span<float> action) noexcept;

  uint64_t changed() const noexcept { return changed_; }  // by the last apply(), bit i: field i
  std::span<const float> sent() const noexcept { return sent_; }  // the last command, [D]

 private:
  static constexpr size_t kMost = 64;
  using Steps = std::array<AxisStep, kMost>;

  void wish(std::span<const float> hold, std::span<const float> action, bool brake) noexcept;
  bool inside(const Steps& steps) noexcept;
  bool within(const std::array<double, 3>& from, const std::array<double, 3>& at) const noexcept;
  bool locate(const Steps& steps, double ahead, std::array<double, 3>& at) noexcept;
  void keep_inside() noexcept;

  std::vector<FieldLimits> limits_;  // [D]
  std::vector<AxisLimiter> axes_;    // [D]
  WorkspaceCheck* check_;
  Box box_;
  bool started_ = false;
  uint64_t changed_ = 0;
  std::vector<float> sent_;  // [D]

  // Scratch storage of one apply().
  std::vector<float> point_;     // [D], a command to ask the check about
  std::vector<float> openings_;  // [D], what grippers are sent; else unused
  std::array<Reasons, kMost> why_{};
  Steps steps_{}, blended_{};
  std::array<double, 3> sent_at_{}, step_at_{};  // the grasp frame: last command, accepted step
  bool located_ = false;                         // sent_at_ is known
};

}  // namespace gyre::run
