#include "gyre/run/alarm_sink.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

class Posted : public EventSink {
 public:
  bool post(const Event& event) noexcept override {
    if (const auto* alarm = std::get_if<event::Alarm>(&event.body)) {
      monitors.emplace_back(alarm->monitor.view());
    }
    return true;
  }
  std::vector<std::string> monitors;
};

// A policy that drives a small arm, each chunk carried out for two actions.
class AlarmRig {
 public:
  explicit AlarmRig(const AlarmConfig& config) : sink_(contract_, config, posted) {
    step_.resize(1, 2, 1);
    step_.mode = Mode::kPolicy;
    step_.source = Source::kPolicy;
    sink_.take({.kind = RecordKind::kHeader});
  }
  // A chunk whose joint stands at `joint`, and two periods of it.
  void chunk(float joint, float state) {
    auto chunk = std::make_shared<ActionChunk>();
    chunk->id = ++step_.chunk_id;
    chunk->horizon = 6;
    chunk->dim = 2;
    for (int i = 0; i < 6; ++i) chunk->actions.insert(chunk->actions.end(), {joint, 0});
    Record record{.kind = RecordKind::kChunk};
    record.shared = ChunkPtr(chunk);
    sink_.take(record);
    for (int i = 0; i < 2; ++i) period(i, state + 0.1F * static_cast<float>(i));
  }
  void period(int index, float state) {
    step_.chunk_index = index;
    step_.time_ns += 100'000'000;
    step_.state[0] = state;
    Record record{.kind = RecordKind::kStep};
    record.step = step_;
    sink_.take(record);
  }
  Step& step() { return step_; }
  Posted posted;

 private:
  Embodiment contract_ = small_arm();
  AlarmSink sink_;
  Step step_;
};

TEST(AlarmSink, ChunksThatAgreeAreNoAlarm) {
  AlarmRig rig({.disagreement = 0.01, .failure = 0.01});
  for (int i = 0; i < 30; ++i) rig.chunk(0.3F, 0);
  EXPECT_TRUE(rig.posted.monitors.empty());
}

TEST(AlarmSink, OneJumpIsADisagreementAndOnlyManyAnnounceAFailure) {
  AlarmRig rig({.disagreement = 0.5, .failure = 0.5});
  for (int i = 0; i < 12; ++i) rig.chunk(i == 6 ? 0.6F : -0.2F, 0);
  EXPECT_EQ(rig.posted.monitors, (std::vector<std::string>{"disagreement"}))
      << "there and back: 0.8 of 0.5 rad an action, a mean over two fields";
  for (int i = 0; i < 20; ++i) rig.chunk(i % 2 == 0 ? 0.6F : -0.2F, 0);
  EXPECT_EQ(rig.posted.monitors.back(), "failure") << "told once";
  EXPECT_EQ(std::ranges::count(rig.posted.monitors, "failure"), 1);
}

TEST(AlarmSink, ARobotThatStandsStillWhileThePolicyDrivesHasStalled) {
  AlarmRig rig({.stall_s = 2});
  for (int i = 0; i < 30; ++i) rig.period(0, static_cast<float>(i % 2));
  EXPECT_TRUE(rig.posted.monitors.empty()) << "it moves";
  for (int i = 0; i < 30; ++i) rig.period(0, 0.5F);
  EXPECT_EQ(rig.posted.monitors, (std::vector<std::string>{"stall"}));
  AlarmRig paused({.stall_s = 2});
  paused.step().mode = Mode::kPaused;
  for (int i = 0; i < 60; ++i) paused.period(0, 0.5F);
  EXPECT_TRUE(paused.posted.monitors.empty()) << "it may";
}

}  // namespace
}  // namespace gyre::run
