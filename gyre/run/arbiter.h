#pragma once

#include "gyre/core/event.h"
#include "gyre/core/step.h"

namespace gyre::run {

// Decides which source commands the robot. The mode follows from four facts, in this order:
// stopped (latched), a person drives, paused, the policy has an action due. So a pause outlives a
// take-over, and a stop outlives everything but a person's `kClear`, which leaves the robot paused:
// motion needs a second decision. Used by the control thread alone; others post events.
class Arbiter {
 public:
  Mode mode() const noexcept;
  void handle(event::Order order) noexcept;
  void policy_ready(bool ready) noexcept { ready_ = ready; }

 private:
  bool stopped_ = false;
  bool driven_ = false;  // by a person or the expert
  bool paused_ = false;
  bool ready_ = true;
};

}  // namespace gyre::run
