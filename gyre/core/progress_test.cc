#include "gyre/core/progress.h"

#include <gtest/gtest.h>

#include <vector>

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

TEST(Progress, IsHeardWhileThereIsAListener) {
  std::vector<ProgressNews> heard;
  Progress progress("recording", 10, "episodes");
  progress.update(1);
  {
    const ProgressListener listener([&](const ProgressNews& news) { heard.push_back(news); });
    progress.update(4);
  }
  progress.update(5);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].what, "recording");
  EXPECT_EQ(heard[0].unit, "episodes");
  EXPECT_EQ(heard[0].done, 4);
  EXPECT_EQ(heard[0].total, 10);
}

}  // namespace
}  // namespace gyre
