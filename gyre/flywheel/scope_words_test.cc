#include "gyre/flywheel/scope_words.h"

#include <gtest/gtest.h>

namespace gyre::flywheel {
namespace {

const ScopeWords& some_words() {
  static const ScopeWords kWords(
      {{.name = "pick_place/red_cup/sink",
        .suite = "trained",
        .sentences = {"put the red cup into the sink", "the red cup goes into the sink"}},
       {.name = "push/red_block/left",
        .suite = "trained",
        .sentences = {"push the red block to the left"}}});
  return kWords;
}

TEST(ScopeWords, FindATaskWhateverTheManners) {
  for (const char* words :
       {"put the red cup into the sink", "Put red cup into sink!",
        "Please, could you put the red cup into the sink?", "the red cup goes into the sink"}) {
    EXPECT_EQ(some_words().find(words).task, "pick_place/red_cup/sink") << words;
  }
}

TEST(ScopeWords, AnUnknownWordMatchesNoTaskAndIsNamed) {
  const ScopeWords::Match match = some_words().find("put the red cup into the bowl");
  EXPECT_EQ(match.task, "");
  EXPECT_NE(match.why.find("'bowl'"), std::string::npos);
}

TEST(ScopeWords, KnownWordsInAnotherOrderMatchNoTask) {
  EXPECT_EQ(some_words().find("push the red cup to the left").task, "");
  EXPECT_EQ(some_words().find("do not put the red cup into the sink").task, "");
  EXPECT_EQ(some_words().find("").task, "");
  EXPECT_EQ(some_words().find(" .,!").task, "");
  EXPECT_EQ(some_words().find(std::string(100'000, 'x')).task, "");
}

}  // namespace
}  // namespace gyre::flywheel
