#include "gyre/train/statistics_cache.h"

#include <gtest/gtest.h>

#include <fstream>

namespace gyre::train {
namespace {

Stats some_statistics() {
  RunningStats running(2);
  for (const float x : {0.25F, 1.0F / 3, -7.5F}) running.add(std::vector<float>{x, 2 * x});
  return running.stats();
}

TEST(StatisticsCache, KeepsEveryBit) {
  const StatisticsCache cache(std::filesystem::path(testing::TempDir()) / "statistics");
  const Stats stats = some_statistics();
  cache.keep("0123abcd", stats);
  const std::optional<Stats> found = cache.find("0123abcd");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, stats);
  EXPECT_FALSE(cache.find("4567ef01"));
}

TEST(StatisticsCache, ABrokenFileIsNone) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "broken_statistics";
  const StatisticsCache cache(folder);
  cache.keep("0123abcd", some_statistics());
  std::ofstream(folder / "0123abcd.json") << "{\"key\":\"0123abcd\"";
  EXPECT_FALSE(cache.find("0123abcd"));
  std::ofstream(folder / "0123abcd.json") << R"({"key":"another","statistics":{}})";
  EXPECT_FALSE(cache.find("0123abcd"));
}

TEST(StatisticsCache, AFolderThatCannotBeKeepsNothing) {
  const auto file = std::filesystem::path(testing::TempDir()) / "no_folder";
  std::ofstream(file) << "x";
  const StatisticsCache cache(file / "below");
  cache.keep("0123abcd", some_statistics());
  EXPECT_FALSE(cache.find("0123abcd"));
}

}  // namespace
}  // namespace gyre::train
