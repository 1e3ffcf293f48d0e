#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/run/event_queue.h"
#include "gyre/run/monitor.h"

namespace gyre::run {

// Somebody who reads the tape on a thread of its own: the journal, metrics, a video, the console.
class TapeSink {
 public:
  virtual ~TapeSink() = default;
  virtual std::string_view name() const = 0;
  virtual bool wants(RecordKind kind) const {
    static_cast<void>(kind);
    return true;
  }
  // Every wanted record, in order. An exception ends this sink alone; Tape::close() passes it on.
  virtual void take(const Record& record) = 0;
  virtual void idle() {}  // nothing came for some milliseconds: time to flush by wall time
  virtual void end() {}   // after the last record
};

// The one ordered stream that leaves a control loop: every Step, Event and Picture, once. The
// control thread is the only writer. Each sink has a ring, a thread and a loss count of its own, so
// that a slow one costs nobody else.
class Tape : public EventSink {
 public:
  enum class WhenFull {
    kDrop,  // real time: the writer never waits; losses are counted and become an Event
    kWait,  // simulated time: the tick waits, so that one seed gives the same records
  };
  struct Limits {
    size_t records = 4096;             // in one sink's ring
    size_t bytes = size_t{256} << 20;  // of pictures that one ring may keep alive
  };

  // `contract` gives the Steps' sizes.
  Tape(const Embodiment& contract, WhenFull when_full);
  Tape(const Embodiment& contract, WhenFull when_full, Limits limits);
  ~Tape() override;  // ends the sinks and drops their errors; call close() to learn of them
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // Before the first record. The sink must outlive close().
  void add(TapeSink& sink);
  bool wants(RecordKind kind) const noexcept;  // some sink does

  // Any thread. The event waits for the start of the next tick.
  bool post(const Event& event) noexcept override { return events_.push(event); }

  // The control thread alone, from here to close(). Nothing here allocates, locks or (kDrop) waits.
  void begin_tick(int64_t tick, int64_t time_ns) noexcept;
  bool take_event(Event& event) noexcept { return events_.pop(event); }
  void put(const HeaderPtr& header) noexcept;
  void put(const GoalPtr& goal) noexcept;
  void put(const RequestPtr& request) noexcept;
  void put(const ChunkPtr& chunk) noexcept;
  void put(const TruthPtr& truth) noexcept;
  void put(const ScenePtr& scene) noexcept;
  void put(const Event& event) noexcept;
  void put(const CameraPicture& picture) noexcept;
  void put(const Step& step) noexcept;

  // Waits until every sink has read everything, and ends them. Throws the first sink's error.
  void close();
  // A sink has failed: what is recorded from here on is not whole. Any thread.
  bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }
  // Records that a sink has lost so far.
  int64_t lost(const TapeSink& sink) const noexcept;

 private:
  class Reader;
  template <class Fill>
  void push(RecordKind kind, const Fill& fill, size_t bytes) noexcept;
  template <class T>
  void put_shared(RecordKind kind, const std::shared_ptr<const T>& shared) noexcept;
  void tell_losses() noexcept;

  Embodiment contract_;
  WhenFull when_full_;
  Limits limits_;
  EventQueue events_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::atomic<bool> failed_{false};
  int64_t tick_ = 0;
  int64_t time_ns_ = 0;
};

}  // namespace gyre::run
