#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/run/tape.h"

namespace gyre::run {

// A control loop as a person watches it.
struct LoopStatus {
  int64_t tick = -1;  // -1: none yet
  Mode mode = Mode::kFallback;
  Source source = Source::kFallback;
  Reasons reasons;
  int rung = 0;  // of the link ladder
  int64_t episode = -1;
  std::vector<float> sent;   // the newest command [D]
  std::vector<float> state;  // what it was sent for [S]
  std::string goal;          // the words that the policy acts on
  std::string task;          // the instruction
  double coached_s = 0;      // so long a person's words for a subtask still hold; 0: there are none
  double chunk_age_s = 0;    // 0: no chunk
  double picture_age_s = 0;  // of the oldest camera's newest picture
  double inference_ms = 0;
  int64_t held_ticks = 0;  // in mode fallback, after the first action
  int64_t dropped_chunks = 0;
  int64_t failed_inferences = 0;
  int64_t lost_records = 0;  // of all sinks
  int64_t verdicts = 0, successes = 0;
  std::string alarm;       // the last alarm, fault or failure in words; "" for none
  double alarm_age_s = 0;  // since then
};

// Keeps the present status of a tape, for a status line and for tools that watch.
class StatusSink : public TapeSink {
 public:
  std::string_view name() const override { return "status"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kStep || kind == RecordKind::kEvent || kind == RecordKind::kGoal ||
           kind == RecordKind::kHeader;
  }
  void take(const Record& record) override;

  LoopStatus status() const;  // any thread

 private:
  void take(const Step& step);
  void take(const Event& event);
  void alarm(const Event& event, std::string what);

  mutable std::mutex mutex_;  // of `status_`
  LoopStatus status_;
  bool moved_ = false;  // the policy has driven
  int64_t alarm_ns_ = 0;
};

// "policy  tick 1234  goal 'open the drawer'  chunk 0.12 s  ...", without a line end.
std::string status_line(const LoopStatus& status);

}  // namespace gyre::run
