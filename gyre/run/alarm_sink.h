#pragma once

#include <string_view>

#include "gyre/run/alarm_scores.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Thresholds of the alarms; 0: no alarm. `gyre eval --alarms` measures them for a policy; these are
// those of the shipped one (docs/driving.md).
struct AlarmConfig {
  double stall_s = 4;
  double disagreement = 0.266;
  double failure = 0.18;
  template <class Visitor>
  void visit(Visitor& v) {
    v("stall_s", stall_s,
      "alarm when the policy drives and the robot stands still for so long (s)");
    v("disagreement", disagreement,
      "alarm when successive chunks differ by more than this (0: none)");
    v("failure", failure,
      "alarm when they have differed by more for two seconds: it will fail (0: none)");
  }
};

// Reads a tape and posts an Alarm when a score passes its threshold, once until it has fallen below
// half of it.
class AlarmSink : public TapeSink {
 public:
  // `events` must outlive the sink.
  AlarmSink(const Embodiment& contract, const AlarmConfig& config, EventSink& events)
      : scores_(contract), config_(config), events_(events) {}

  std::string_view name() const override { return "alarms"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kHeader || kind == RecordKind::kChunk || kind == RecordKind::kStep;
  }
  void take(const Record& record) override;

 private:
  struct Alarm {
    const char* monitor;
    const char* what;
    bool told = false;
  };
  void check(Alarm& alarm, double score, double threshold);

  AlarmScores scores_;
  AlarmConfig config_;
  EventSink& events_;
  int64_t time_ns_ = 0;
  Alarm stall_{"stall", "the policy drives and the robot stands still"};
  Alarm disagreement_{"disagreement", "two chunks contradict each other"};
  Alarm failure_{"failure",
                 "the policy's chunks go on contradicting each other: it will probably fail"};
};

}  // namespace gyre::run
