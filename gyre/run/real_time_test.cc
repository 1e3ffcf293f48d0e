#include "gyre/run/real_time.h"

#include <gtest/gtest.h>

#include <thread>

namespace gyre::run {
namespace {

RealTimeReport on_a_thread(const RealTimeOptions& options) {
  RealTimeReport report;
  std::jthread([&] { report = make_real_time(options); }).join();
  return report;
}

TEST(RealTime, NothingAskedNothingRefused) {
  const RealTimeReport report = on_a_thread({.priority = 0, .lock_memory = false});
  EXPECT_FALSE(report.fifo || report.locked || report.pinned);
  EXPECT_TRUE(report.refused.empty());
}

TEST(RealTime, SaysWhatWasNotAllowed) {
  const RealTimeReport report =
      on_a_thread({.priority = 10, .lock_memory = false, .affinity = {1023}});
  EXPECT_FALSE(report.pinned) << "no machine of these tests has so many processors";
  ASSERT_FALSE(report.refused.empty());
  EXPECT_NE(report.refused[0].find("processors 1023"), std::string::npos) << report.refused[0];
  EXPECT_EQ(report.refused.size(), report.fifo ? 1U : 2U);
}

}  // namespace
}  // namespace gyre::run
