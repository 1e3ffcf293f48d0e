#pragma once

#include <atomic>
#include <string_view>

namespace gyre::run {

// The arbiter's mode: which source commands the robot.
enum class Mode {
  kPolicy,    // the policy's chunks are executed
  kPaused,    // holds still until resumed
  kHuman,     // a person (or the helper in their place) decides
  kFallback,  // the policy has nothing to say: holds still until it has
  kStopped,   // latched: holds still until a person clears it
};

enum class Event { kPause, kResume, kTakeOver, kGiveBack, kPolicyLost, kPolicyBack, kStop, kClear };

std::string_view mode_name(Mode mode);  // "policy", "paused", "human", "fallback", "stopped"

// The arbiter's state. The mode follows from four facts, in this order: stopped (latched), driven
// by a person, paused, the policy has no action due. So a pause outlives a take-over, and a stop
// outlives everything but kClear, which leaves the robot paused: motion needs a second decision.
struct Control {
  bool stopped = false;
  bool driven = false;
  bool paused = false;
  bool lost = false;

  Mode mode() const;
  Control after(Event event) const;
};

// Holds the control state; events may come from any thread.
class Arbiter {
 public:
  Mode mode() const { return control_.load().mode(); }
  Mode handle(Event event);  // returns the new mode

 private:
  std::atomic<Control> control_{};
};

}  // namespace gyre::run
