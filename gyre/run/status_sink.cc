#include "gyre/run/status_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gyre::run {
namespace {

constexpr double kAlarmShownS = 10;

}  // namespace

void StatusSink::take(const Record& record) {
  const std::lock_guard lock(mutex_);
  switch (record.kind) {
    case RecordKind::kStep:
      take(record.step);
      break;
    case RecordKind::kEvent:
      take(record.event);
      break;
    case RecordKind::kGoal:
      status_.goal = record.get<Goal>().prompt();
      status_.task = record.get<Goal>().task;
      break;
    case RecordKind::kHeader:
      status_.episode = record.get<Header>().episode.number;
      moved_ = false;
      break;
    default:
      break;
  }
}

void StatusSink::take(const Step& step) {
  status_.tick = step.tick;
  status_.mode = step.mode;
  status_.source = step.source;
  status_.reasons = step.reasons;
  status_.sent = step.sent;
  status_.state = step.state;
  status_.alarm_age_s = static_cast<double>(step.time_ns - alarm_ns_) * 1e-9;
  status_.chunk_age_s = static_cast<double>(step.chunk_age_ns) * 1e-9;
  if (step.chunk_id >= 0) status_.inference_ms = step.inference_ms;
  int64_t oldest = 0;
  for (const int64_t age : step.picture_age_ns) oldest = std::max(oldest, age);
  status_.picture_age_s = static_cast<double>(oldest) * 1e-9;
  moved_ |= step.source == Source::kPolicy;
  if (moved_ && step.mode == Mode::kFallback) ++status_.held_ticks;
}

void StatusSink::take(const Event& event) {
  if (std::holds_alternative<event::ChunkDropped>(event.body)) ++status_.dropped_chunks;
  if (const auto* rung = std::get_if<event::LinkRung>(&event.body)) status_.rung = rung->to;
  if (const auto* lost = std::get_if<event::RecordsLost>(&event.body)) {
    status_.lost_records += lost->count;
  }
  if (const auto* failed = std::get_if<event::InferenceFailed>(&event.body)) {
    ++status_.failed_inferences;
    alarm(event, std::string(failed->why.view()));
  }
  if (const auto* fault = std::get_if<event::Fault>(&event.body)) {
    alarm(event, std::string(fault->what.view()));
  }
  if (const auto* raised = std::get_if<event::Alarm>(&event.body)) {
    alarm(event, fmt::format("{}: {}", raised->monitor.view(), raised->what.view()));
  }
  if (const auto* verdict = std::get_if<event::Verdict>(&event.body)) {
    status_.verdicts += verdict->outcome == event::Outcome::kUnknown ? 0 : 1;
    status_.successes += verdict->outcome == event::Outcome::kSuccess ? 1 : 0;
  }
}

void StatusSink::alarm(const Event& event, std::string what) {
  status_.alarm = std::move(what);
  status_.alarm_age_s = 0;
  alarm_ns_ = event.time_ns;
}

LoopStatus StatusSink::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::string status_line(const LoopStatus& status) {
  std::string line = fmt::format(
      "{:<8} episode {}  {} of {} succeeded  chunk {:.2f} s  inference {:.0f} ms  held {}",
      mode_name(status.mode), status.episode, status.successes, status.verdicts, status.chunk_age_s,
      status.inference_ms, status.held_ticks);
  if (status.rung != 0) line += fmt::format("  rung {}", status.rung);
  line += fmt::format("  \"{}\"", status.goal);
  if (!status.alarm.empty() && status.alarm_age_s < kAlarmShownS) line += "  ! " + status.alarm;
  return line;
}

}  // namespace gyre::run
