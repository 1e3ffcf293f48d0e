#include "gyre/run/status_sink.h"

#include <gtest/gtest.h>

#include <memory>

namespace gyre::run {
namespace {

Record of(const Event::Body& body, int64_t time_ns = 0) {
  Record record;
  record.kind = RecordKind::kEvent;
  record.event = {.time_ns = time_ns, .author = "test", .body = body};
  return record;
}

Record of(const Step& step) {
  Record record;
  record.kind = RecordKind::kStep;
  record.step = step;
  return record;
}

TEST(StatusSink, KeepsThePresentAndCountsTheRest) {
  StatusSink sink;
  EXPECT_EQ(sink.status().tick, -1);
  Record goal;
  goal.kind = RecordKind::kGoal;
  goal.shared = std::make_shared<const Goal>(Goal{.task = "tidy up", .subtask = "open the drawer"});
  sink.take(goal);
  Step step;
  step.tick = 4;
  step.mode = Mode::kFallback;
  sink.take(of(step));
  EXPECT_EQ(sink.status().held_ticks, 0) << "nothing has moved yet";
  step.mode = Mode::kPolicy;
  step.source = Source::kPolicy;
  step.picture_age_ns = {30'000'000, 50'000'000};
  sink.take(of(step));
  step.mode = Mode::kFallback;
  step.source = Source::kFallback;
  step.tick = 6;
  sink.take(of(step));
  sink.take(of(event::ChunkDropped{3, "late"}));
  sink.take(of(event::LinkRung{0, 1}));
  sink.take(of(event::RecordsLost{"journal", 5}));
  sink.take(of(event::Verdict{0, event::Outcome::kSuccess, ""}));
  sink.take(of(event::Verdict{1, event::Outcome::kFailure, ""}));
  const LoopStatus status = sink.status();
  EXPECT_EQ(status.tick, 6);
  EXPECT_EQ(status.mode, Mode::kFallback);
  EXPECT_EQ(status.goal, "open the drawer");
  EXPECT_EQ(status.held_ticks, 1);
  EXPECT_DOUBLE_EQ(status.picture_age_s, 0.05);
  EXPECT_EQ(status.dropped_chunks, 1);
  EXPECT_EQ(status.rung, 1);
  EXPECT_EQ(status.lost_records, 5);
  EXPECT_EQ(status.verdicts, 2);
  EXPECT_EQ(status.successes, 1);
}

TEST(StatusSink, TheLineShowsAnAlarmForAWhile) {
  StatusSink sink;
  sink.take(of(event::Alarm{"stall", "it stands still"}, 1'000'000'000));
  EXPECT_NE(status_line(sink.status()).find("! stall: it stands still"), std::string::npos);
  Step step;
  step.time_ns = 60'000'000'000;
  sink.take(of(step));
  EXPECT_EQ(sink.status().alarm, "stall: it stands still");
  EXPECT_DOUBLE_EQ(sink.status().alarm_age_s, 59);
  EXPECT_EQ(status_line(sink.status()).find('!'), std::string::npos);
}

}  // namespace
}  // namespace gyre::run
