#include "gyre/run/arbiter.h"

#include <array>

namespace gyre::run {

std::string_view mode_name(Mode mode) {
  constexpr std::array<std::string_view, 5> kNames = {"policy", "paused", "human", "fallback",
                                                      "stopped"};
  return kNames[static_cast<size_t>(mode)];
}

Mode next_mode(Mode mode, Event event) {
  if (event == Event::kStop) return Mode::kStopped;
  if (mode == Mode::kStopped) return event == Event::kClear ? Mode::kPaused : Mode::kStopped;
  switch (event) {
    case Event::kPause:
      return Mode::kPaused;
    case Event::kResume:
      return mode == Mode::kPaused ? Mode::kPolicy : mode;
    case Event::kTakeOver:
      return Mode::kHuman;
    case Event::kGiveBack:
      return mode == Mode::kHuman ? Mode::kPolicy : mode;
    case Event::kPolicyLost:
      return mode == Mode::kPolicy ? Mode::kFallback : mode;
    case Event::kPolicyBack:
      return mode == Mode::kFallback ? Mode::kPolicy : mode;
    case Event::kStop:
    case Event::kClear:
      break;
  }
  return mode;
}

Mode Arbiter::handle(Event event) {
  Mode mode = mode_.load();
  while (!mode_.compare_exchange_weak(mode, next_mode(mode, event))) {
  }
  return next_mode(mode, event);
}

}  // namespace gyre::run
