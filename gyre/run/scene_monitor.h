#pragma once

#include "gyre/run/arena.h"
#include "gyre/run/monitor.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Puts the scene on the tape for viewers: its shapes at first, poses once an action period. Runs
// inside the tick.
class SceneMonitor : public Monitor {
 public:
  SceneMonitor(Bench& bench, Tape& tape) : bench_(bench), tape_(tape) {}
  TruthPtr before(const Tick& tick) override {
    if (!tick.action_start) return nullptr;
    if (const ScenePtr scene = bench_.scene(tick.index == 0)) tape_.put(scene);
    return nullptr;
  }
  void after(const Step&, EventSink&) override {}

 private:
  Bench& bench_;
  Tape& tape_;
};

}  // namespace gyre::run
