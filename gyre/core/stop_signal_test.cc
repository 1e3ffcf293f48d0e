#include "gyre/core/stop_signal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace gyre {
namespace {

TEST(StopSignalTest, TheSameCtrlCTwiceAsksOnce) {
  EXPECT_EXIT(
      {
        install_stop_signal();
        std::raise(SIGINT);
        std::raise(SIGINT);
        std::_Exit(stop_requested() ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

TEST(StopSignalTest, SaysWhichSignalCameFirst) {
  EXPECT_EQ(stop_signal(), 0);
  EXPECT_EXIT(
      {
        install_stop_signal();
        std::raise(SIGTERM);
        std::raise(SIGINT);
        std::_Exit(128 + stop_signal());
      },
      testing::ExitedWithCode(143), "");
}

TEST(StopSignalTest, ASecondCtrlCEndsTheProcess) {
  EXPECT_EXIT(
      {
        install_stop_signal();
        std::raise(SIGINT);
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        std::raise(SIGINT);
        std::_Exit(7);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace gyre
