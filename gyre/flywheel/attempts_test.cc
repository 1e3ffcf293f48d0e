#include "gyre/flywheel/attempts.h"

#include <gtest/gtest.h>

#include <set>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

using testing::ToyArena;

TEST(Attempts, OfATaskHaveTheSeedsAndRobotsOfADeal) {
  const ToyArena arena;
  const auto attempts = deal_task(arena, "raise/second", {"toy/joint", "twin/joint"}, 5, 7);
  const auto dealt = arena.deal("known", {"toy/joint", "twin/joint"}, 5, 7);
  ASSERT_EQ(attempts.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(attempts[i].task, "raise/second");
    EXPECT_EQ(attempts[i].embodiment, dealt[i].embodiment);
    EXPECT_EQ(attempts[i].seed, dealt[i].seed);
  }
}

TEST(Attempts, OfAFamilyAreAsManyAsWantedWithTheSeedsOfADeal) {
  const ToyArena arena;
  const auto attempts = deal_family(arena, "touch", "known", {"toy/joint"}, 9, 7);
  const auto dealt = arena.deal("known", {"toy/joint"}, 9, 7);
  ASSERT_EQ(attempts.size(), 9U);
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(attempts[i].family, "touch");
    EXPECT_EQ(attempts[i].seed, dealt[i].seed);
  }
  const auto suite = deal_family(arena, "new", "known", {"toy/joint"}, 3, 7);
  ASSERT_EQ(suite.size(), 3U) << "what is no family is a suite";
  EXPECT_EQ(suite[0].task, "raise/second");
  EXPECT_NE(message_of([&] { deal_family(arena, "now", "known", {"toy/joint"}, 3, 7); }), "");
}

TEST(Attempts, AreCountedFromASeed) {
  const ToyArena arena;
  const auto attempts = counted_from(100, arena.deal("known", {"toy/joint"}, 3, 7));
  EXPECT_EQ(attempts[0].seed, 100U);
  EXPECT_EQ(attempts[2].seed, 102U);
}

}  // namespace
}  // namespace gyre::flywheel
