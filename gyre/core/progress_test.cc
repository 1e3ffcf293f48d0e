#include "gyre/core/progress.h"

#include <gtest/gtest.h>

namespace gyre {
namespace {

TEST(Progress, ShowsTheShareThatIsDone) {
  const Progress progress("reading", 8, "episodes");
  EXPECT_NE(progress.line(2).find(" 25% 2/8 episodes"), std::string::npos) << progress.line(2);
}

TEST(Progress, MoreThanWasPlannedIsAHundredPercent) {
  const Progress progress("reading", 8, "episodes");
  for (const int64_t done : {9, 1000}) {
    std::string line;
    ASSERT_NO_THROW(line = progress.line(done));
    EXPECT_NE(line.find("100% " + std::to_string(done) + "/8"), std::string::npos) << line;
    EXPECT_EQ(line.find("left"), std::string::npos) << line;
  }
}

TEST(Progress, AnUnknownTotalShowsNoShare) {
  const Progress progress("reading", 0, "episodes");
  EXPECT_NE(progress.line(3).find("reading: 3 episodes"), std::string::npos);
  EXPECT_EQ(progress.line(3).find('%'), std::string::npos);
}

}  // namespace
}  // namespace gyre
