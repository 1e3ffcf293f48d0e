#include "tests/faults/bus_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace gyre::faults {
namespace {

constexpr double kMostFaster = 1.1;  // than the joint's own limit
constexpr int kRounding = 3;         // ticks
constexpr int64_t kCycleNs = 5'000'000;

}  // namespace

GoalWatch::GoalWatch(fake::Bus& bus, std::vector<feetech::LoopJoint> joints)
    : joints_(std::move(joints)) {
  bus.on_write = [this](const fake::Servo& servo, uint8_t address, std::span<const uint8_t> bytes) {
    using feetech::Reg;
    if (address == feetech::info(Reg::kGoalPosition).address && bytes.size() >= 2) {
      look(servo, feetech::decode(feetech::info(Reg::kGoalPosition), bytes));
    }
  };
}

void GoalWatch::forget() { last_.fill({}); }

void GoalWatch::look(const fake::Servo& servo, int goal) {
  ++goals_;
  const auto joint = std::ranges::find(joints_, servo.id(), &feetech::LoopJoint::id);
  if (joint == joints_.end()) return;
  Last& last = last_[servo.id()];
  const int present = servo.value(feetech::Reg::kPresentPosition);
  const int before = last.goal >= 0 ? last.goal : present;
  // A goal may be outside of the range only where the arm stands there, and then comes back.
  const int low = std::min({joint->tick_min, before, present});
  const int high = std::max({joint->tick_max, before, present});
  const double since_s =
      static_cast<double>(last.goal >= 0 ? now_ns_ - last.time_ns + 2 * kCycleNs : 0) * 1e-9;
  const double most = kMostFaster * joint->max_ticks_s * since_s + kRounding;
  const bool jumps = std::abs(goal - before) > most && std::abs(goal - present) > kRounding + 80;
  if (goal < low - 1 || goal > high + 1 || jumps) {
    ++outside_;
    if (complaint_.empty()) {
      complaint_ = fmt::format("servo {}: goal {} after {}, at {}, range {} .. {}", servo.id(),
                               goal, before, present, joint->tick_min, joint->tick_max);
    }
  }
  last = {goal, now_ns_};
}

}  // namespace gyre::faults
