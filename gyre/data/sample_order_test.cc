#include "gyre/data/sample_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/testing.h"

namespace gyre::data {
namespace {

TEST(Permutation, ReachesEachPlaceOnce) {
  for (const uint64_t size : {1U, 2U, 3U, 5U, 16U, 17U, 1000U, 4097U}) {
    const Permutation permutation(size, 7);
    std::set<uint64_t> seen;
    for (uint64_t i = 0; i < size; ++i) seen.insert(permutation.at(i));
    EXPECT_EQ(seen.size(), size);
    EXPECT_EQ(*seen.rbegin(), size - 1);
  }
}

// The chi-squared statistic of 36 places has a mean of 35 and a deviation of 8.4.
TEST(Permutation, ItsKeyChoosesEvenly) {
  std::array<int, 36> count{};
  constexpr int kKeys = 36'000;
  for (uint64_t key = 0; key < kKeys; ++key) ++count[Permutation(36, key * 64).at(5)];
  double chi = 0;
  for (const int each : count) chi += (each - 1000.0) * (each - 1000.0) / 1000.0;
  EXPECT_LT(chi, 80);
}

TEST(FrameTable, CountsFramesAsOftenAsTheyAreDrawn) {
  FrameTable table;
  for (const size_t frame : {3U, 4U, 5U}) table.add(frame);
  table.add(6, 3);
  table.add(9, 3);
  EXPECT_EQ(table.size(), 9U);
  std::vector<size_t> frames;
  for (uint64_t i = 0; i < table.size(); ++i) frames.push_back(table.at(i));
  EXPECT_EQ(frames, (std::vector<size_t>{3, 4, 5, 6, 6, 6, 9, 9, 9}));
}

TEST(SampleOrder, GroupsHaveTheirSharesAndMembersTheirTurns) {
  const std::array<SampleOrder::Group, 4> groups = {{{.weight = 3, .size = 500},
                                                     {.weight = 1, .size = 7},
                                                     {.weight = 0, .size = 9},
                                                     {.weight = 1e-9, .size = 2}}};
  const SampleOrder order(11, groups);
  std::array<std::vector<uint64_t>, 4> drawn;
  for (uint64_t k = 0; k < 65'536; ++k) {
    const SampleOrder::Place place = order.at(k);
    drawn[place.group].push_back(place.index);
  }
  EXPECT_EQ(drawn[0].size(), 49'151U);
  EXPECT_EQ(drawn[1].size(), 16'384U);
  EXPECT_TRUE(drawn[2].empty());
  EXPECT_EQ(drawn[3].size(), 1U);
  EXPECT_EQ(std::set(drawn[0].begin(), drawn[0].begin() + 500).size(), 500U);
  EXPECT_EQ(std::set(drawn[1].begin(), drawn[1].begin() + 7).size(), 7U);
  EXPECT_FALSE(std::equal(drawn[0].begin(), drawn[0].begin() + 500, drawn[0].begin() + 500));
  std::vector<int> count(500);
  for (const uint64_t index : drawn[0]) ++count[index];
  const auto [least, most] = std::ranges::minmax(count);
  EXPECT_EQ(least, 98);  // 49,151 draws of 500
  EXPECT_EQ(most, 99);
}

// A run that is resumed keeps nothing but its seed and the number of the next sample.
TEST(SampleOrder, GoesOnAtAnySampleExactly) {
  const std::array<SampleOrder::Group, 3> groups = {{{.weight = 2, .size = 10'000'000},
                                                     {.weight = 1, .size = 300'001},
                                                     {.weight = 0.25, .size = 50}}};
  const auto digest = [&](const SampleOrder& order, uint64_t first) {
    uint64_t sum = 0;
    for (uint64_t k = first; k < first + 100'000; ++k) {
      const SampleOrder::Place place = order.at(k);
      sum = sum * 6364136223846793005U + place.index * 4 + place.group;
    }
    return sum;
  };
  const SampleOrder order(5, groups);
  Rng rng(3);
  for (int i = 0; i < 2; ++i) {
    const auto first = static_cast<uint64_t>(rng.below(50'000'000));
    for (int earlier = 0; earlier < 3; ++earlier) order.at(first / 2 + earlier);
    EXPECT_EQ(digest(order, first), digest(SampleOrder(5, groups), first));
    EXPECT_NE(digest(order, first), digest(SampleOrder(6, groups), first));
  }
  // Known values: the order of a seed stays the same in later versions.
  EXPECT_EQ(order.at(1).index, 4'326'202U);
  EXPECT_EQ(order.at(65'536).index, 49U);
}

TEST(SampleOrder, RefusesGroupsWithoutMembers) {
  const std::array<SampleOrder::Group, 2> groups = {
      {{.weight = 1, .size = 0}, {.weight = 0, .size = 4}}};
  EXPECT_THAT(message_of([&] { SampleOrder(1, groups); }),
              ::testing::HasSubstr("nothing to draw from"));
}

}  // namespace
}  // namespace gyre::data
