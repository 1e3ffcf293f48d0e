#include "gyre/run/tape.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "gyre/core/testing.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

Step step_of(const Embodiment& contract, int64_t tick) {
  Step step;
  step.resize(contract.state.size(), contract.action.size(), contract.cameras.size());
  step.tick = tick;
  return step;
}

// Reads nothing until it is let go.
class SlowSink : public ListSink {
 public:
  std::string_view name() const override { return "slow"; }
  void take(const Record& record) override {
    go.wait(false);
    ListSink::take(record);
  }
  std::atomic<bool> go{false};
};

TEST(Tape, ASlowSinkCostsNobodyElseAndItsLossesAreToldWithACount) {
  const Embodiment contract = small_arm();
  Tape tape(contract, Tape::WhenFull::kDrop, {.records = 16});
  SlowSink slow;
  ListSink quick;
  tape.add(slow);
  tape.add(quick);
  constexpr int kTicks = 40;
  for (int tick = 0; tick < kTicks; ++tick) {
    tape.begin_tick(tick, tick);
    tape.put(step_of(contract, tick));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));  // the quick one keeps up
  }
  const int64_t lost = tape.lost(slow);
  EXPECT_EQ(lost, kTicks - 16);
  EXPECT_EQ(tape.lost(quick), 0);
  slow.go = true;
  slow.go.notify_all();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  tape.begin_tick(kTicks, kTicks);
  tape.close();
  ASSERT_EQ(std::ssize(quick.steps()), kTicks);
  for (int tick = 0; tick < kTicks; ++tick) EXPECT_EQ(quick.steps()[tick].tick, tick);
  for (const ListSink* sink : {static_cast<ListSink*>(&slow), &quick}) {
    const auto losses = sink->events<event::RecordsLost>();
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses[0].sink.view(), "slow");
    EXPECT_EQ(losses[0].count, lost);
  }
}

TEST(Tape, InSimulatedTimeAFullRingMakesTheTickWait) {
  const Embodiment contract = small_arm();
  Tape tape(contract, Tape::WhenFull::kWait, {.records = 4});
  ListSink sink;
  tape.add(sink);
  for (int tick = 0; tick < 500; ++tick) {
    tape.begin_tick(tick, tick);
    tape.put(step_of(contract, tick));
  }
  tape.close();
  EXPECT_EQ(sink.steps().size(), 500U);
  EXPECT_TRUE(sink.events<event::RecordsLost>().empty());
}

TEST(Tape, ARingIsBoundedInBytesOfPictures) {
  const Embodiment contract = small_arm();
  const size_t one = size_t{8} * 6 * 3;
  Tape tape(contract, Tape::WhenFull::kDrop, {.records = 1024, .bytes = 3 * one});
  SlowSink slow;
  tape.add(slow);
  for (int tick = 0; tick < 10; ++tick) {
    tape.begin_tick(tick, tick);
    tape.put(CameraPicture{0, PictureRef(Picture{.image = Image::black(8, 6), .id = tick})});
    tape.put(step_of(contract, tick));
  }
  slow.go = true;
  slow.go.notify_all();
  tape.close();
  EXPECT_EQ(slow.count(RecordKind::kPicture), 3);
  EXPECT_EQ(slow.count(RecordKind::kStep), 10) << "numbers are not pushed out by pictures";
}

TEST(Tape, TheLastReleaseOfAPictureReturnsItToItsPool) {
  const Embodiment contract = small_arm();
  PicturePool pool(8, 6, 2);
  const auto make = [&] { return pool.make([](Picture&) {}); };
  Tape tape(contract, Tape::WhenFull::kWait);
  ListSink sink;
  tape.add(sink);
  tape.put(CameraPicture{0, make()});
  tape.put(CameraPicture{0, make()});
  tape.close();
  EXPECT_FALSE(make()) << "the sink holds both";
  sink.records.clear();
  EXPECT_TRUE(make());
}

class FailingSink : public ListSink {
 public:
  void take(const Record& record) override {
    if (record.step.tick == 3) throw Error("disk", "is full", "make room");
    ListSink::take(record);
  }
};

TEST(Tape, ASinkThatFailsEndsAloneAndCloseSaysWhy) {
  const Embodiment contract = small_arm();
  Tape tape(contract, Tape::WhenFull::kWait, {.records = 2});
  FailingSink failing;
  ListSink other;
  tape.add(failing);
  tape.add(other);
  for (int tick = 0; tick < 20; ++tick) {
    tape.begin_tick(tick, tick);
    tape.put(step_of(contract, tick));
  }
  EXPECT_NE(message_of([&] { tape.close(); }).find("is full"), std::string::npos);
  EXPECT_TRUE(tape.failed());
  EXPECT_EQ(failing.steps().size(), 3U);
  EXPECT_EQ(other.steps().size(), 20U);
}

TEST(EventQueue, IsBoundedAndKeepsTheOrderOfEachThread) {
  EventQueue queue(4);
  Event event{.body = event::FrameLost{0, 0}};
  for (int i = 0; i < 4; ++i) {
    event.time_ns = i;
    EXPECT_TRUE(queue.push(event));
  }
  EXPECT_FALSE(queue.push(event)) << "full";
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(queue.pop(event));
    EXPECT_EQ(event.time_ns, i);
  }
  EXPECT_FALSE(queue.pop(event));
  EXPECT_TRUE(queue.push(event)) << "room again";
}

}  // namespace
}  // namespace gyre::run
