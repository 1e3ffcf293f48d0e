#include "gyre/run/arbiter.h"

namespace gyre::run {

Mode Arbiter::mode() const noexcept {
  if (stopped_) return Mode::kStopped;
  if (driven_) return known_ ? Mode::kHuman : Mode::kFallback;
  if (paused_) return Mode::kPaused;
  return ready_ ? Mode::kPolicy : Mode::kFallback;
}

void Arbiter::handle(event::Order order) noexcept {
  switch (order) {
    case event::Order::kPause:
      paused_ = true;
      break;
    case event::Order::kResume:
      if (!stopped_) paused_ = false;
      break;
    case event::Order::kTakeOver:
      if (!stopped_) driven_ = true;
      break;
    case event::Order::kGiveBack:
      driven_ = false;
      break;
    case event::Order::kStop:
      stopped_ = true;
      driven_ = false;
      break;
    case event::Order::kClear:
      if (stopped_) paused_ = true;
      stopped_ = false;
      break;
  }
}

}  // namespace gyre::run
