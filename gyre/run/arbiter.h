#pragma once

#include "gyre/core/event.h"
#include "gyre/core/step.h"

namespace gyre::run {

// Decides which source commands the robot. The mode follows from five facts, in this order:
// stopped (latched), a person drives (held still while the robot's state is unknown), paused, the
// policy has an action due. So a pause outlives a take-over, and a stop outlives everything but a
// person's `kClear`, which leaves the robot paused: motion needs a second decision. Used by the
// control thread alone; others post events.
class Arbiter {
 public:
  Mode mode() const noexcept;
  void handle(event::Order order) noexcept;
  void policy_ready(bool ready) noexcept { ready_ = ready; }
  void state_known(bool known) noexcept { known_ = known; }
  bool driven() const noexcept { return driven_; }  // by a person or the expert, if they may

 private:
  bool stopped_ = false;
  bool driven_ = false;  // by a person or the expert
  bool paused_ = false;
  bool ready_ = true;
  bool known_ = true;
};

}  // namespace gyre::run
