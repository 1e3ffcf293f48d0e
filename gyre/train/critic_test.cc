#include "gyre/train/critic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/testing.h"

namespace gyre::train {
namespace {

CriticConfig small() {
  return {.critics = 2,
          .network = {.hidden = 16, .bins = 16, .batch = 64, .steps = 250, .learning_rate = 0.01}};
}

// A success goes from 0 to 1 in the first number; a failure stays below a third. The other number
// is noise.
CriticEpisode attempt(int number, bool success, int frames = 20) {
  Rng rng = Rng::stream(7, std::to_string(number));
  CriticEpisode episode{.recorded = "episode " + std::to_string(number),
                        .task = "raise",
                        .success = success,
                        .features = {},
                        .width = 2};
  for (int t = 0; t < frames; ++t) {
    const double share = static_cast<double>(t) / (frames - 1);
    episode.features.push_back(
        static_cast<float>(success ? share : 0.15 + 0.1 * rng.uniform(-1, 1)));
    episode.features.push_back(static_cast<float>(rng.uniform(-1, 1)));
  }
  return episode;
}

std::vector<CriticEpisode> attempts() {
  std::vector<CriticEpisode> all;
  for (int i = 0; i < 12; ++i) all.push_back(attempt(i, i % 3 != 0, 16 + i));
  return all;
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Critic, ProgressIsAboutOneInASuccessAndAboutZeroAtAStandstill) {
  const auto all = attempts();
  const Judgement judgement = judge_progress(small(), all);
  EXPECT_GT(judgement.rank, 0.8);
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(std::ssize(judgement.advantage[i]), all[i].frames());
    if (*all[i].success) {
      EXPECT_NEAR(mean(judgement.advantage[i]), 1, 0.5);
    } else {
      EXPECT_LT(mean(judgement.advantage[i]), 0.5);
    }
  }
}

TEST(Critic, ValuesRankTheTimeThatIsLeft) {
  const auto all = attempts();
  const Judgement judgement = judge_value(small(), all);
  EXPECT_GT(judgement.rank, 0.7);
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(std::ssize(judgement.advantage[i]), all[i].frames());
  }
}

TEST(Critic, EqualSeedsGiveEqualAdvantages) {
  const auto all = attempts();
  CriticConfig config = small();
  config.network.steps = 20;
  config.least_rank = -1;
  EXPECT_EQ(judge_progress(config, all).advantage, judge_progress(config, all).advantage);
  CriticConfig other = config;
  other.seed = 2;
  EXPECT_NE(judge_progress(config, all).advantage, judge_progress(other, all).advantage);
}

TEST(Critic, OneThatDoesNotRankProgressIsRefusedWithItsFigure) {
  auto all = attempts();
  Rng rng(1);
  for (CriticEpisode& episode : all) {
    for (float& feature : episode.features) feature = static_cast<float>(rng.uniform());
  }
  for (const auto judge : {judge_progress, judge_value}) {
    const std::string message = message_of([&] { judge(small(), all); });
    EXPECT_NE(message.find("Spearman"), std::string::npos) << message;
  }
}

TEST(Critic, RefusesDataThatSaysNothing) {
  std::vector<CriticEpisode> failures, successes;
  for (int i = 0; i < 6; ++i) {
    failures.push_back(attempt(i, false));
    successes.push_back(attempt(i, true));
  }
  EXPECT_NE(message_of([&] { judge_progress(small(), failures); }).find("0 of 6"),
            std::string::npos);
  EXPECT_NE(message_of([&] { judge_value(small(), successes); }).find("every attempt succeeded"),
            std::string::npos);
  auto broken = attempts();
  broken[3].features[5] = NAN;
  EXPECT_NE(message_of([&] { judge_progress(small(), broken); }).find("not finite"),
            std::string::npos);
}

TEST(Critic, JudgesNoEpisodeThatItLearntFrom) {
  auto all = attempts();
  for (CriticEpisode& episode : all) episode.recorded = "the same";
  EXPECT_NE(message_of([&] { judge_progress(small(), all); }).find("learnt from"),
            std::string::npos);
}

}  // namespace
}  // namespace gyre::train
