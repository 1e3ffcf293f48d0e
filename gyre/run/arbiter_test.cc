#include "gyre/run/arbiter.h"

#include <gtest/gtest.h>

namespace gyre::run {
namespace {

using event::Order;

Mode after(std::initializer_list<Order> orders, bool ready = true) {
  Arbiter arbiter;
  arbiter.policy_ready(ready);
  for (const Order order : orders) arbiter.handle(order);
  return arbiter.mode();
}

TEST(Arbiter, StoppedIsLatched) {
  for (const Order order :
       {Order::kPause, Order::kResume, Order::kTakeOver, Order::kGiveBack, Order::kStop}) {
    EXPECT_EQ(after({Order::kStop, order}), Mode::kStopped);
  }
  EXPECT_EQ(after({Order::kStop, Order::kClear}), Mode::kPaused) << "clearing starts no motion";
  EXPECT_EQ(after({Order::kStop, Order::kTakeOver, Order::kClear}), Mode::kPaused);
  EXPECT_EQ(after({Order::kStop, Order::kClear, Order::kResume}), Mode::kPolicy);
  EXPECT_EQ(after({Order::kClear}), Mode::kPolicy) << "nothing to clear";
}

TEST(Arbiter, APauseOutlivesATakeOver) {
  EXPECT_EQ(after({Order::kPause, Order::kTakeOver}), Mode::kHuman);
  EXPECT_EQ(after({Order::kPause, Order::kTakeOver, Order::kGiveBack}), Mode::kPaused);
  EXPECT_EQ(after({Order::kTakeOver, Order::kPause}), Mode::kHuman) << "the person keeps control";
  EXPECT_EQ(after({Order::kTakeOver, Order::kPause, Order::kGiveBack}), Mode::kPaused);
  EXPECT_EQ(after({Order::kPause, Order::kResume}), Mode::kPolicy);
}

TEST(Arbiter, APersonOutranksThePolicy) {
  EXPECT_EQ(after({}, false), Mode::kFallback);
  EXPECT_EQ(after({Order::kTakeOver}, false), Mode::kHuman);
  EXPECT_EQ(after({Order::kTakeOver, Order::kResume}), Mode::kHuman);
  EXPECT_EQ(after({Order::kPause}, false), Mode::kPaused);
  EXPECT_EQ(after({Order::kTakeOver, Order::kGiveBack}), Mode::kPolicy);
}

}  // namespace
}  // namespace gyre::run
