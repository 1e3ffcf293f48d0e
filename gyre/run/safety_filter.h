#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/step.h"
#include "gyre/run/axis_limiter.h"
#include "gyre/run/safety_limits.h"

namespace gyre::run {

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
// - keep the grasp frame inside the workspace box (up to kBoxSlack), given a WorkspaceCheck, at
//   each command, and on the way to a stop at each period of the first 32 (of a longer way, at 32
//   periods spread evenly: between those, the frame may leave the box by the sagitta of the arc
//   between two of them). Motion between two commands is the driver's.
// A robot that starts outside its range or box only comes back, at limited velocity. Grippers are
// held to finite and range only: an opening is a target which the driver approaches at its own
// speed.
//
// An action inside all of these comes out with the same bits. Where a limit cuts one joint's
// position short, all joints take the same share of what was asked of them, so that the hand keeps
// the direction it was given.
class SafetyFilter {
 public:
  // Metres that the frame may stand outside the box: a command made for the box's edge and rounded
  // to float leaves a way on along it.
  static constexpr double kBoxSlack = 1e-5;

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
  std::span<const float> sent() const noexcept { return memory_.sent; }  // the last command, [D]

  // All that one apply() leaves for the next: part of a simulation's saved state.
  struct Memory {
    std::vector<AxisLimiter> axes;    // [D]
    std::vector<float> sent;          // [D], the last command
    std::array<double, 3> sent_at{};  // its grasp frame
    bool located = false;             // sent_at is known
    bool started = false;
  };
  Memory& memory() noexcept { return memory_; }

 private:
  static constexpr size_t kMost = 64;
  using Steps = std::array<AxisStep, kMost>;

  void wish(std::span<const float> hold, std::span<const float> action, bool brake) noexcept;
  bool inside(const Steps& steps) noexcept;
  bool within(const std::array<double, 3>& from, const std::array<double, 3>& at) const noexcept;
  bool locate(const Steps& steps, double ahead, std::array<double, 3>& at) noexcept;
  void keep_direction() noexcept;
  void keep_inside() noexcept;

  std::vector<FieldLimits> limits_;  // [D]
  WorkspaceCheck* check_;
  Box box_;
  Memory memory_;
  uint64_t changed_ = 0;

  // Scratch storage of one apply().
  std::vector<float> point_;     // [D], a command to ask the check about
  std::vector<float> openings_;  // [D], what grippers are sent; else unused
  std::array<Reasons, kMost> why_{};
  Steps steps_{}, blended_{};
  std::array<double, 3> step_at_{};  // the grasp frame of the accepted step
};

}  // namespace gyre::run
