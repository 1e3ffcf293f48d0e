#include "gyre/run/alarm_sink.h"

#include <variant>

namespace gyre::run {

void AlarmSink::take(const Record& record) {
  if (record.kind == RecordKind::kHeader) {
    scores_.reset();
    stall_.told = disagreement_.told = failure_.told = false;
  }
  if (record.kind == RecordKind::kChunk) scores_.take(std::get<ChunkPtr>(record.shared));
  if (record.kind != RecordKind::kStep) return;
  scores_.take(record.step);
  time_ns_ = record.step.time_ns;
  check(stall_, scores_.stalled_s(), config_.stall_s);
  check(disagreement_, scores_.disagreement(), config_.disagreement);
  check(failure_, scores_.failure(), config_.failure);
}

void AlarmSink::check(Alarm& alarm, double score, double threshold) {
  if (threshold <= 0) return;
  if (score < threshold / 2) alarm.told = false;
  if (score <= threshold || alarm.told) return;
  alarm.told = true;
  events_.post({.time_ns = time_ns_,
                .author = alarm.monitor,
                .body = event::Alarm{alarm.monitor, alarm.what}});
}

}  // namespace gyre::run
