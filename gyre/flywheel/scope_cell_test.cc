#include "gyre/flywheel/scope_cell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

TEST(ScopeCell, IsMadeOfATasksName) {
  const ScopeCell cell = scope_cell("pick_place/red_cup/sink", "arm/ee", 1.25);
  EXPECT_EQ(cell, (ScopeCell{"pick_place", "red_cup", "sink", "arm/ee", 1.25}));
  EXPECT_EQ(task_of(cell), "pick_place/red_cup/sink");
  EXPECT_EQ(cell_text(cell), "pick_place red_cup sink, arm/ee, 1.25 x");
  EXPECT_EQ(scope_cell("open_drawer", "arm/ee"), (ScopeCell{"open_drawer", "", "", "arm/ee"}));
  EXPECT_EQ(task_of(scope_cell("press_button/on", "x")), "press_button/on");
}

TEST(ScopeCell, SharesColourAndShapeWithOthers) {
  EXPECT_THAT(cell_properties(scope_cell("pick_place/red_cup/sink", "arm/ee")),
              ::testing::UnorderedElementsAre("verb pick_place", "object red", "object cup",
                                              "place sink", "robot arm/ee", "speed 1"));
}

TEST(ScopeCell, RefusesWhatIsNoTaskOrSpeed) {
  EXPECT_THROW(scope_cell("", "arm/ee"), Error);
  EXPECT_THROW(scope_cell("a/b/c/d", "arm/ee"), Error);
  EXPECT_THROW(scope_cell("open_drawer", "arm/ee", 2), Error);
  EXPECT_FALSE(find_scope_cell("", "arm/ee"));
  EXPECT_TRUE(find_scope_cell("open_drawer", "arm/ee"));
}

}  // namespace
}  // namespace gyre::flywheel
