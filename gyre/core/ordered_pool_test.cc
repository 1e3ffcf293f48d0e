#include "gyre/core/ordered_pool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace gyre {
namespace {

TEST(OrderedPool, HandsResultsOverInOrderOnTheCallingThread) {
  const auto caller = std::this_thread::get_id();
  std::vector<int64_t> taken;
  const bool whole = run_in_order(
      40, 4,
      [](int64_t i) {
        std::this_thread::sleep_for(std::chrono::microseconds(i % 5 * 200));
        return i * i;
      },
      [&](int64_t i, int64_t&& square) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        EXPECT_EQ(square, i * i);
        taken.push_back(i);
        return true;
      });
  EXPECT_TRUE(whole);
  ASSERT_EQ(taken.size(), 40U);
  for (int64_t i = 0; i < 40; ++i) EXPECT_EQ(taken[static_cast<size_t>(i)], i);
}

TEST(OrderedPool, DoesNotRunFarAhead) {
  std::atomic<int64_t> made = 0;
  run_in_order(
      100, 2, [&](int64_t i) { return ++made, i; },
      [&](int64_t i, int64_t&&) {
        EXPECT_LE(made, i + 1 + 4 * 2 + 2);
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        return true;
      });
}

TEST(OrderedPool, AnExceptionOfAWorkerReachesTheCallerAndEndsTheOthers) {
  std::atomic<int> made = 0;
  const auto run = [&] {
    run_in_order(
        1000, 3,
        [&](int64_t i) {
          if (i == 5) throw std::runtime_error("worker");
          return ++made, i;
        },
        [](int64_t, int64_t&&) { return true; });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_LT(made, 1000);
}

TEST(OrderedPool, AnExceptionOfTheTakerEndsTheWorkers) {
  const auto run = [] {
    run_in_order(
        1000, 3, [](int64_t i) { return i; },
        [](int64_t i, int64_t&&) {
          if (i == 3) throw std::runtime_error("disk full");
          return true;
        });
  };
  EXPECT_THROW(run(), std::runtime_error);
}

TEST(OrderedPool, TakeStopsByReturningFalse) {
  int64_t last = -1;
  EXPECT_FALSE(run_in_order(
      100, 2, [](int64_t i) { return i; },
      [&](int64_t i, int64_t&&) {
        last = i;
        return i < 6;
      }));
  EXPECT_EQ(last, 6);
}

}  // namespace
}  // namespace gyre
