#pragma once

#include <cstdint>

#include "gyre/run/monitor.h"

namespace gyre::run {

// Counts an episode's safety events: stretches of control periods in which the command was out of
// its range, out of the workspace or not finite, the robot refused it, or the robot was stopped.
// Velocity, acceleration and jerk limits are no events: they shape every motion.
class SafetyEvents : public Monitor {
 public:
  void after(const Step& step, EventSink&) override {
    constexpr Reasons kUnsafe = Reasons(Reason::kNonFinite) | Reason::kRange | Reason::kWorkspace |
                                Reason::kHoldNonFinite | Reason::kFault;
    const bool unsafe = (step.reasons.bits() & kUnsafe.bits()) != 0 || step.mode == Mode::kStopped;
    if (unsafe && !unsafe_) ++count_;
    unsafe_ = unsafe;
  }
  [[nodiscard]] int64_t count() const { return count_; }

 private:
  int64_t count_ = 0;
  bool unsafe_ = false;
};

}  // namespace gyre::run
