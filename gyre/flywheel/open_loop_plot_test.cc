#include "gyre/flywheel/open_loop_plot.h"

#include <gtest/gtest.h>

namespace gyre::flywheel {
namespace {

TEST(OpenLoopPlot, ShowsTheJointsThatMovedMost) {
  OpenLoopResult result;
  const auto add = [&](const std::string& joint, double most) {
    result.series.push_back({joint, 0.5, {0, 1}, {0, most}, {0, most / 2}});
  };
  add("still", 0);
  add("elbow", 2);
  add("a<b", 1);
  const std::string svg = open_loop_plot(result, 2);
  EXPECT_EQ(svg.find("still"), std::string::npos);
  EXPECT_LT(svg.find("elbow"), svg.find("a&lt;b"));
  EXPECT_NE(svg.find("predicted 0.5 s before"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(OpenLoopPlot, HasNothingToDrawForNothing) {
  EXPECT_EQ(open_loop_plot({}).find("<g"), std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
