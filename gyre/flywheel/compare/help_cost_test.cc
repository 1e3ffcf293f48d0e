#include "gyre/flywheel/compare/help_cost.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gyre::flywheel {
namespace {

data::EpisodeRows episode_of(const std::vector<Source>& sources) {
  data::EpisodeRows episode;
  for (const Source source : sources) {
    episode.rows.emplace_back();
    episode.rows.back().source = source;
  }
  return episode;
}

TEST(HelpCost, CountsDrivingTakeoversSentencesAndVerdicts) {
  constexpr Source kP = Source::kPolicy, kE = Source::kExpert, kH = Source::kHuman;
  data::EpisodeRows helped = episode_of({kP, kE, kE, kP, kH, kP});
  helped.success = true;
  helped.rows[3].said = {"the other one"};
  data::EpisodeRows alone = episode_of({kP, kP});
  alone.success = false;
  HelpCost cost;
  cost.add(helped, 0.5, true);
  cost.add(alone, 0.5, false);
  EXPECT_EQ(cost.driven_s, 1.5);
  EXPECT_EQ(cost.takeovers, 2);
  EXPECT_EQ(cost.sentences, 1);
  EXPECT_EQ(cost.verdicts, 2);
  EXPECT_EQ(cost.attended_s, 3);
  EXPECT_EQ(cost.seconds(false), 1.5 + 2 * 3);
  EXPECT_EQ(cost.seconds(true), 1.5 + 2 * 3 + 2);
  const auto again = nlohmann::json(cost).get<HelpCost>();
  EXPECT_EQ(again.seconds(true), cost.seconds(true));
  EXPECT_EQ(again.attended_s, cost.attended_s);
}

TEST(HelpCost, WithoutAJudgementThereIsNoVerdict) {
  HelpCost cost;
  cost.add(episode_of({Source::kPolicy}), 0.1, true);
  EXPECT_EQ(cost.verdicts, 0);
  EXPECT_EQ(cost.takeovers, 0);
}

}  // namespace
}  // namespace gyre::flywheel
