#include "gyre/flywheel/link_study.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

TEST(LinkStudy, ACutLinkIsHeldStoppedOrBridged) {
  testing::TemporaryFolder folder;
  testing::write_toy_policy(folder / "policy", {testing::kToyGoal, 0}, {"toy/joint"});
  const auto engine = infer::open_engine((folder / "policy").string());
  const testing::ToyArena arena;
  run::LoopConfig loop{.delay_ticks = 1, .cut_at_s = 0.2, .cut_s = 2};
  loop.ladder.late_s = 0.3;
  const auto attempts = arena.deal("known", {"toy/joint"}, 6, 9);
  const LinkStudy study = study_link(arena, *engine, attempts, loop, 2);
  ASSERT_EQ(study.rows.size(), 4U);
  EXPECT_EQ(study.rows[0].evaluation.held(), 0);
  EXPECT_TRUE(study.rows[0].changes.hand_overs.empty());
  EXPECT_GT(study.rows[1].evaluation.held(), 0.5) << "it stands still until the link is back";
  EXPECT_LT(study.rows[2].evaluation.rate().rate, 1) << "a stop is for good";
  EXPECT_EQ(study.rows[3].evaluation.held(), 0) << "no gap";
  EXPECT_FALSE(study.rows[3].changes.hand_overs.empty()) << "the ladder was climbed down";
  EXPECT_EQ(nlohmann::json(study)["rows"][3]["name"], "ladder");
  EXPECT_NE(link_table(study).find("ladder"), std::string::npos);

  loop.cut_s = 0;
  EXPECT_THROW(study_link(arena, *engine, attempts, loop, 2), Error);
}

}  // namespace
}  // namespace gyre::flywheel
