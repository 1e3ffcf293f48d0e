#include "gyre/run/arbiter.h"

#include <array>

namespace gyre::run {

std::string_view mode_name(Mode mode) {
  constexpr std::array<std::string_view, 5> kNames = {"policy", "paused", "human", "fallback",
                                                      "stopped"};
  return kNames[static_cast<size_t>(mode)];
}

Mode Control::mode() const {
  if (stopped) return Mode::kStopped;
  if (driven) return Mode::kHuman;
  if (paused) return Mode::kPaused;
  return lost ? Mode::kFallback : Mode::kPolicy;
}

Control Control::after(Event event) const {
  Control next = *this;
  switch (event) {
    case Event::kPause:
      next.paused = true;
      break;
    case Event::kResume:
      if (!stopped) next.paused = false;
      break;
    case Event::kTakeOver:
      if (!stopped) next.driven = true;
      break;
    case Event::kGiveBack:
      next.driven = false;
      break;
    case Event::kPolicyLost:
      next.lost = true;
      break;
    case Event::kPolicyBack:
      next.lost = false;
      break;
    case Event::kStop:
      next.stopped = true;
      next.driven = false;
      break;
    case Event::kClear:
      next.paused = paused || stopped;
      next.stopped = false;
      break;
  }
  return next;
}

Mode Arbiter::handle(Event event) {
  Control now = control_.load();
  while (!control_.compare_exchange_weak(now, now.after(event))) {
  }
  return now.after(event).mode();
}

}  // namespace gyre::run
