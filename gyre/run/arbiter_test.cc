#include "gyre/run/arbiter.h"

#include <gtest/gtest.h>

#include <thread>

namespace gyre::run {
namespace {

Mode after(std::initializer_list<Event> events, bool ready = true) {
  Arbiter arbiter;
  if (!ready) arbiter.handle(Event::kPolicyLost);
  for (const Event event : events) arbiter.handle(event);
  return arbiter.mode();
}

TEST(Arbiter, StoppedIsLatched) {
  for (const Event event :
       {Event::kPause, Event::kResume, Event::kTakeOver, Event::kGiveBack, Event::kStop}) {
    EXPECT_EQ(after({Event::kStop, event}), Mode::kStopped);
  }
  EXPECT_EQ(after({Event::kStop, Event::kClear}), Mode::kPaused) << "clearing starts no motion";
  EXPECT_EQ(after({Event::kStop, Event::kTakeOver, Event::kClear}), Mode::kPaused);
  EXPECT_EQ(after({Event::kStop, Event::kClear, Event::kResume}), Mode::kPolicy);
  EXPECT_EQ(after({Event::kClear}), Mode::kPolicy) << "nothing to clear";
}

TEST(Arbiter, APauseOutlivesATakeOver) {
  EXPECT_EQ(after({Event::kPause, Event::kTakeOver}), Mode::kHuman);
  EXPECT_EQ(after({Event::kPause, Event::kTakeOver, Event::kGiveBack}), Mode::kPaused);
  EXPECT_EQ(after({Event::kTakeOver, Event::kPause}), Mode::kHuman) << "the person keeps control";
  EXPECT_EQ(after({Event::kTakeOver, Event::kPause, Event::kGiveBack}), Mode::kPaused);
  EXPECT_EQ(after({Event::kPause, Event::kResume}), Mode::kPolicy);
}

TEST(Arbiter, APersonOutranksThePolicy) {
  EXPECT_EQ(after({}, false), Mode::kFallback);
  EXPECT_EQ(after({Event::kTakeOver}, false), Mode::kHuman);
  EXPECT_EQ(after({Event::kTakeOver, Event::kResume}), Mode::kHuman);
  EXPECT_EQ(after({Event::kPause}, false), Mode::kPaused);
  EXPECT_EQ(after({Event::kTakeOver, Event::kGiveBack}), Mode::kPolicy);
}

TEST(Arbiter, TakesEventsOfSeveralThreads) {
  Arbiter arbiter;
  {
    std::jthread pausing([&] {
      for (int i = 0; i < 1000; ++i) arbiter.handle(i % 2 == 0 ? Event::kResume : Event::kPause);
    });
    std::jthread driving([&] {
      for (int i = 0; i < 1000; ++i) {
        arbiter.handle(i % 2 == 0 ? Event::kTakeOver : Event::kGiveBack);
      }
    });
  }
  EXPECT_EQ(arbiter.mode(), Mode::kPaused) << "neither thread loses the other's event";
}

}  // namespace
}  // namespace gyre::run
