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

std::string targets(const std::string& sources, std::optional<bool> success,
                    const std::unique_ptr<Labeler>& labeler) {
  std::string text;
  for (const float target : labeler->label(attempt(sources, success)).target) {
    text += target > 0 ? '1' : '0';
  }
  return text;
}

TEST(Label, CorrectionsLearnFromTheHelperAndFromWhatSucceededUnaided) {
  EXPECT_EQ(targets("pppeeppp", true, corrections_labeler()), "00011111");
  EXPECT_EQ(targets("ppehpepp", true, corrections_labeler()), "00110111");
  EXPECT_EQ(targets("pppp", true, corrections_labeler()), "1111");
}

TEST(Label, CorrectionsOfAFailedAttemptStillCount) {
  EXPECT_EQ(targets("ppeepp", false, corrections_labeler()), "001100");
  EXPECT_EQ(targets("ppp", false, corrections_labeler()), "000");
  EXPECT_EQ(targets("ppp", std::nullopt, corrections_labeler()), "000");
}

TEST(Label, TheHelperAloneIsLearntFromWhateverTheOutcome) {
  EXPECT_EQ(targets("ppehpfp", true, helper_labeler()), "0011000");
  EXPECT_EQ(targets("ppehp", false, helper_labeler()), "00110");
  EXPECT_EQ(targets("pp", true, helper_labeler()), "00");
}

TEST(Label, FilteredCloningLearnsFromWholeSuccessesOnly) {
  EXPECT_EQ(targets("ppepf", true, success_labeler()), "11110");
  EXPECT_EQ(targets("ppep", false, success_labeler()), "0000");
}

TEST(Label, CloningEverythingLeavesOutOnlyFallback) {
  EXPECT_EQ(targets("ppef", false, everything_labeler()), "1110");
}

TEST(Label, TellsOutcomeAndHelp) {
  EXPECT_EQ(helped_rows(attempt("ppehp", true)), 2);
  EXPECT_EQ(outcome_word(attempt("p", true)), "success");
  EXPECT_EQ(outcome_word(attempt("p", false)), "failure");
  EXPECT_EQ(outcome_word(attempt("p", std::nullopt)), "unknown");
}

TEST(Label, SubtasksAreLearntWhereTheyAreKnownWhoeverActs) {
  data::EpisodeRows episode = attempt("ppep", true);
  for (data::Row& row : episode.rows) {
    row.subtask = "lift";
    row.subtask_known = true;
  }
  episode.rows[0].subtask_known = false;
  episode.rows[3].thought = "open the drawer";
  const EpisodeLabels labels = corrections_labeler()->label(episode);
  EXPECT_EQ(known_subtasks(episode), (std::vector<float>{0, 1, 1, 1}));
  EXPECT_EQ(labels.target, (std::vector<float>{0, 0, 1, 0})) << "an action for another subtask";
}

}  // namespace
}  // namespace gyre::flywheel
