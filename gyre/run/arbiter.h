#pragma once

#include <atomic>
#include <string_view>

namespace gyre::run {

// Who has the robot.
enum class Mode {
  kPolicy,    // the policy's chunks are executed
  kPaused,    // holds still until resumed
  kHuman,     // a person (or the helper in their place) decides
  kFallback,  // the policy has nothing to say: holds still until it has
  kStopped,   // latched: holds still until a person clears it
};

enum class Event { kPause, kResume, kTakeOver, kGiveBack, kPolicyLost, kPolicyBack, kStop, kClear };

std::string_view mode_name(Mode mode);  // "policy", "paused", "human", "fallback", "stopped"

// The whole state machine. An event that means nothing in a mode leaves it as it is:
// nothing but kClear leaves kStopped (to kPaused: motion needs a second decision), a pause outlasts
// the policy's coming and going, and only a give-back ends a take-over.
Mode next_mode(Mode mode, Event event);

// Holds the mode; events may come from any thread.
class Arbiter {
 public:
  Mode mode() const { return mode_.load(); }
  Mode handle(Event event);  // returns the new mode

 private:
  std::atomic<Mode> mode_{Mode::kPolicy};
};

}  // namespace gyre::run
