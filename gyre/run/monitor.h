#pragma once

#include <optional>

#include "gyre/core/record.h"
#include "gyre/run/command_source.h"

namespace gyre::run {

// Takes the events that a monitor, a person or a machine posts.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // Takes effect at the start of the next control period. Any thread; false when the queue is full.
  virtual bool post(const Event& event) noexcept = 0;
};

// Somebody who watches and may post events: a judge, a failure alarm. In simulated time monitors
// run inside the tick, in the order in which they were added; with real time, on a thread of their
// own.
class Monitor {
 public:
  virtual ~Monitor() = default;
  // Before the command: the state that the command answers to. May return a label that only it
  // knows (a simulator's truth).
  virtual TruthPtr before(const Tick& tick) {
    static_cast<void>(tick);
    return nullptr;
  }
  // After the command went out.
  virtual void after(const Step& step, EventSink& events) = 0;
};

}  // namespace gyre::run
