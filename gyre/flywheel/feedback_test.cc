#include "gyre/flywheel/feedback.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "gyre/flywheel/feedback_phrases.h"
#include "gyre/run/nudge.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

using ::testing::ElementsAre;

// A row each 0.1 s, decided by the policy.
data::EpisodeRows attempt(int rows) {
  data::EpisodeRows episode;
  for (int i = 0; i < rows; ++i) {
    data::Row row;
    row.index = i;
    row.time_ns = i * 100'000'000LL;
    row.source = Source::kPolicy;
    episode.rows.push_back(row);
  }
  return episode;
}

TEST(Feedback, IsUnderstoodInSentencesThatNobodyTrainedOn) {
  std::ifstream file(source_dir() / "gyre/flywheel/testdata/feedback.tsv");
  int sentences = 0, right = 0, misread = 0;
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const std::string sentence = line.substr(tab + 1);
    EXPECT_EQ(std::ranges::count(kFeedbackPhrases, sentence, &FeedbackPhrase::sentence), 0);
    const Feedback read = FeedbackReader::shared().read(sentence).meaning;
    const bool same = feedback_word(read) == line.substr(0, tab);
    ++sentences;
    right += same;
    misread += !same && read != Feedback::kNone;
  }
  EXPECT_EQ(sentences, 69);
  EXPECT_GE(right, 60);
  EXPECT_LE(misread, 1) << "taken for another meaning, not for none";
}

TEST(Feedback, IsNoneWhereTheWordsAreUnknownOrMissing) {
  EXPECT_EQ(FeedbackReader::shared().read("").meaning, Feedback::kNone);
  EXPECT_EQ(FeedbackReader::shared().read("\xff\xfe 12 %$").meaning, Feedback::kNone);
  EXPECT_EQ(FeedbackReader::shared().read("xylophone quartz").meaning, Feedback::kNone);
}

TEST(Feedback, IsNoneOfTheWordsThatMoveTheRobot) {
  for (const std::string_view word : run::nudge_words()) {
    EXPECT_EQ(FeedbackReader::shared().read(word).meaning, Feedback::kNone) << word;
  }
}

TEST(Feedback, SpeaksOfTheFiveSecondsBeforeItAndOfNothingBeforeOtherWords) {
  data::EpisodeRows episode = attempt(80);
  episode.rows[70].said = {"too fast"};
  episode.rows[75].said = {"put the cup into the sink"};
  episode.rows[79].said = {"well done"};
  const std::vector<Remark> remarks = remarks_of(episode);
  ASSERT_EQ(remarks.size(), 2U);
  EXPECT_EQ(remarks[0].begin, 20);
  EXPECT_EQ(remarks[0].end, 70);
  EXPECT_EQ(remarks[0].meaning, Feedback::kTooFast);
  EXPECT_EQ(remarks[1].begin, 75);
  EXPECT_EQ(remarks[1].end, 79);
  EXPECT_EQ(remarks[1].meaning, Feedback::kPraise);
}

TEST(Feedback, ChangesTheWeightOfThePolicysOwnActionsAlone) {
  data::EpisodeRows episode = attempt(6);
  episode.rows[1].source = Source::kHuman;
  std::vector<float> target(6, 1);
  heed_remarks({{0, 2, Feedback::kOtherObject, ""}, {3, 5, Feedback::kPraise, ""}}, episode,
               target);
  EXPECT_THAT(target, ElementsAre(0, 1, 1, 2, 2, 1));
}

}  // namespace
}  // namespace gyre::flywheel
