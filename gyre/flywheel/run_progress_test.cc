#include "gyre/flywheel/run_progress.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/data/testing.h"

namespace gyre::flywheel {
namespace {

TEST(RunProgress, TellsOtherProgramsHowFarARunIs) {
  const data::testing::TemporaryFolder folder;
  {
    RunProgress progress(folder / ".");
    EXPECT_FALSE(read_news(folder / "."));
    progress.begin("collect with help");
    const auto begun = read_news(folder / ".");
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->stage, "collect with help");
    EXPECT_EQ(begun->process, this_process());
    EXPECT_TRUE(is_running(begun->process));
    EXPECT_EQ(begun->left_s, -1);
    Progress episodes("collecting", 80, "episodes");
    episodes.update(20);
    const auto news = read_news(folder / ".");
    ASSERT_TRUE(news);
    EXPECT_EQ(news->what, "collecting");
    EXPECT_EQ(news->done, 20);
    EXPECT_EQ(news->total, 80);
    EXPECT_GE(news->left_s, 0);
  }
  EXPECT_EQ(read_news(folder / ".")->stage, "");
}

TEST(RunProgress, WhatIsNoNewsIsNone) {
  const data::testing::TemporaryFolder folder;
  for (const char* text : {"", "{", "[]", R"({"process": 3})", R"({"process": {"pid": "x"}})"}) {
    std::ofstream(folder / "progress.json") << text;
    EXPECT_FALSE(read_news(folder / ".")) << text;
  }
}

}  // namespace
}  // namespace gyre::flywheel
