#include "gyre/core/progress.h"

#include <gtest/gtest.h>

namespace gyre {
namespace {

TEST(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(progress_line("recording", 5, 10, "episodes", 2, false, "4 kept"),
            "recording:  50% 5/10 episodes, 2.50/s, 0:02 so far, 0:02 left, 4 kept");
  EXPECT_EQ(progress_line("copying", 7, 0, "files", 1, true, ""),
            "copying: 7 files, 7.00/s, 0:01 so far");
}

TEST(Progress, MoreThanAllIsAFullBar) {
  EXPECT_EQ(progress_line("recording", 15, 10, "episodes", 1, true, ""),
            "recording: [========================] 100% 15/10 episodes, 15/s, 0:01 so far");
}

}  // namespace
}  // namespace gyre
