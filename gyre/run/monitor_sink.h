#pragma once

#include "gyre/run/monitor.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Runs a monitor on a thread of its own: with real time, where nothing but the loop itself may run
// inside a tick. Its events take effect at the start of the next tick.
class MonitorSink : public TapeSink {
 public:
  MonitorSink(Monitor& monitor, EventSink& events) : monitor_(monitor), events_(events) {}
  std::string_view name() const override { return "monitor"; }
  bool wants(RecordKind kind) const override { return kind == RecordKind::kStep; }
  void take(const Record& record) override { monitor_.after(record.step, events_); }

 private:
  Monitor& monitor_;
  EventSink& events_;
};

}  // namespace gyre::run
