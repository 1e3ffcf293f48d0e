#include "gyre/flywheel/label.h"

#include <gtest/gtest.h>

namespace gyre::flywheel {
namespace {

// One letter a step: p policy, e expert, h human, f fallback.
data::EpisodeRows attempt(const std::string& sources, std::optional<bool> success) {
  data::EpisodeRows episode;
  episode.success = success;
  for (const char c : sources) {
    data::Row step;
    step.source = c == 'p'   ? Source::kPolicy
                  : c == 'e' ? Source::kExpert
                  : c == 'h' ? Source::kHuman
                             : Source::kFallback;
    step.intervention = c == 'e' || c == 'h';
    episode.rows.push_back(step);
  }
  return episode;
}

std::string targets(const std::string& sources, std::optional<bool> success, Recipe recipe) {
  std::string text;
  for (const float target : label_episode(attempt(sources, success), recipe).target) {
    text += target > 0 ? '1' : '0';
  }
  return text;
}

TEST(Label, CorrectionsLearnFromTheHelperAndFromWhatSucceededUnaided) {
  EXPECT_EQ(targets("pppeeppp", true, Recipe::kCorrections), "00011111");
  EXPECT_EQ(targets("ppehpepp", true, Recipe::kCorrections), "00110111");
  EXPECT_EQ(targets("pppp", true, Recipe::kCorrections), "1111");
}

TEST(Label, CorrectionsOfAFailedAttemptStillCount) {
  EXPECT_EQ(targets("ppeepp", false, Recipe::kCorrections), "001100");
  EXPECT_EQ(targets("ppp", false, Recipe::kCorrections), "000");
  EXPECT_EQ(targets("ppp", std::nullopt, Recipe::kCorrections), "000");
}

TEST(Label, FilteredCloningLearnsFromWholeSuccessesOnly) {
  EXPECT_EQ(targets("ppepf", true, Recipe::kFilteredCloning), "11110");
  EXPECT_EQ(targets("ppep", false, Recipe::kFilteredCloning), "0000");
}

TEST(Label, CloningEverythingLeavesOutOnlyFallback) {
  EXPECT_EQ(targets("ppef", false, Recipe::kCloningEverything), "1110");
}

TEST(Label, TellsOutcomeAndHelp) {
  const EpisodeLabels labels = label_episode(attempt("ppehp", true), Recipe::kCorrections);
  EXPECT_EQ(labels.outcome, "success");
  EXPECT_EQ(labels.helped_steps, 2);
  EXPECT_EQ(label_episode(attempt("p", std::nullopt), Recipe::kCorrections).outcome, "unknown");
  EXPECT_EQ(label_episode(attempt("p", false), Recipe::kCorrections).outcome, "failure");
}

}  // namespace
}  // namespace gyre::flywheel
