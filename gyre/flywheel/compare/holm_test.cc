#include "gyre/flywheel/compare/holm.h"

#include <gtest/gtest.h>

#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-12) << i;
}

// As R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
TEST(Holm, GivesTheKnownLevels) {
  expect_near(holm({0.01, 0.04, 0.03, 0.005}), {0.03, 0.06, 0.06, 0.02});
}

TEST(Holm, NeverPassesOneNorFallsBelowALesserOne) {
  expect_near(holm({0.6, 0.5, 0.02}), {1, 1, 0.06});
  expect_near(holm({0.01, 0.011}), {0.02, 0.02});
}

TEST(Holm, LeavesASingleLevel) {
  expect_near(holm({0.2}), {0.2});
  expect_near(holm({}), {});
}

TEST(Holm, RefusesWhatIsNoLevel) {
  EXPECT_NE(message_of([] { holm({0.1, 1.5}); }).find("0 to 1"), std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
