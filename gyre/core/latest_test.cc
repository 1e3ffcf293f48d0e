#include "gyre/core/latest.h"

#include <gtest/gtest.h>

#include <thread>

namespace gyre {
namespace {

TEST(Latest, HandsOverTheNewestValueOnce) {
  Latest<int> latest(5);
  EXPECT_FALSE(latest.take());
  EXPECT_EQ(latest.value(), 5);
  latest.writable() = 6;
  latest.publish();
  latest.writable() = 7;
  latest.publish();
  EXPECT_TRUE(latest.take());
  EXPECT_EQ(latest.value(), 7);
  EXPECT_FALSE(latest.take());
  EXPECT_EQ(latest.value(), 7);
}

TEST(Latest, ValuesAreWholeAndNeverGoBackBetweenThreads) {
  struct Pair {
    int64_t one = 0, other = 0;
  };
  constexpr int64_t kLast = 200'000;
  Latest<Pair> latest;
  std::jthread writer([&] {
    for (int64_t i = 1; i <= kLast; ++i) {
      latest.writable() = {i, -i};
      latest.publish();
    }
  });
  for (int64_t last = 0; last < kLast;) {
    if (!latest.take()) continue;
    ASSERT_EQ(latest.value().one, -latest.value().other);
    ASSERT_GT(latest.value().one, last);
    last = latest.value().one;
  }
}

}  // namespace
}  // namespace gyre
