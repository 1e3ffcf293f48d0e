// FAST: against the reference tokenizer's codes and decoded chunks, and by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numeric>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/testing.h"
#include "gyre/policy/action_tokens.h"
#include "gyre/policy/byte_bpe.h"
#include "gyre/policy/fast_prompt.h"
#include "gyre/policy/fast_tokens.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kSteps = 10, kDim = 3;

// Smooth motions, as a robot's are.
std::vector<std::vector<double>> motions(int count) {
  std::vector<std::vector<double>> chunks;
  Rng rng(5);
  for (int i = 0; i < count; ++i) {
    std::vector<double> chunk;
    const double speed = rng.uniform(0.1, 0.5), start = rng.uniform(-1, 1);
    for (int t = 0; t < kSteps; ++t) {
      for (int d = 0; d < kDim; ++d) chunk.push_back(std::sin(start + d + speed * t));
    }
    chunks.push_back(chunk);
  }
  return chunks;
}

class FastFolder : public testing::Test {
 protected:
  FastFolder() { fs::remove_all(folder_); }
  ~FastFolder() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(folder_);
    std::ofstream(folder_ / name) << text;
  }
  std::string refusal(const std::string& tokenizer) const {
    write("tokenizer.json", tokenizer);
    return message_of([&] { ByteBpe::read(folder_ / "tokenizer.json"); });
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "fast_folder";
};

// A code is off by half a unit at most, and the transform keeps lengths.
TEST_F(FastFolder, FittedTokensComeBack) {
  const auto chunks = motions(200);
  const FastTokenizer fast = FastTokenizer::fit(chunks, kSteps, kDim, 10, 300);
  size_t tokens = 0;
  for (const auto& chunk : chunks) {
    const std::vector<int> ids = fast.encode(chunk, kSteps, kDim);
    tokens += ids.size();
    const std::vector<double> back = fast.decode(ids, kSteps, kDim);
    double squares = 0;
    for (size_t i = 0; i < chunk.size(); ++i) squares += std::pow(chunk[i] - back[i], 2);
    EXPECT_LE(std::sqrt(squares), 0.05 * std::sqrt(kSteps * kDim));
  }
  EXPECT_LT(tokens, chunks.size() * kSteps * kDim / 2);  // words are longer than letters

  fast.write(folder_);
  const FastTokenizer again = FastTokenizer::open(folder_);
  EXPECT_EQ(again.size(), fast.size());
  for (const auto& chunk : chunks) {
    EXPECT_EQ(again.encode(chunk, kSteps, kDim), fast.encode(chunk, kSteps, kDim));
  }
}

TEST_F(FastFolder, AnotherLengthIsZerosOrFilledUp) {
  const auto chunks = motions(20);
  const FastTokenizer fast = FastTokenizer::fit(chunks, kSteps, kDim, 10, 300);
  const std::vector<int> ids = fast.encode(chunks[0], kSteps, kDim);
  const std::vector<double> nothing((kSteps + 1) * kDim);
  EXPECT_EQ(fast.decode(ids, kSteps + 1, kDim), nothing);
  EXPECT_NE(fast.decode(ids, kSteps + 1, kDim, true), nothing);
  EXPECT_EQ(fast.decode(std::vector{fast.size()}, kSteps + 1, kDim, true), nothing);
  std::vector<int> beyond = ids;
  beyond.insert(beyond.begin() + 1, fast.size() + 7);  // left out
  EXPECT_EQ(fast.decode(beyond, kSteps, kDim), fast.decode(ids, kSteps, kDim));
  beyond[1] = -1;
  EXPECT_EQ(fast.decode(beyond, kSteps, kDim), std::vector<double>(kSteps * kDim));
  // A jump beyond all that was seen is said as the largest coefficient that was.
  std::vector<double> jump(kSteps * kDim, 0);
  for (int i = 0; i < kSteps * kDim; i += 2) jump[i] = 30;
  const std::vector<double> cut = fast.decode(fast.encode(jump, kSteps, kDim), kSteps, kDim);
  EXPECT_GT(*std::ranges::max_element(cut), 0.3);
}

TEST_F(FastFolder, Refusals) {
  const auto chunks = motions(5);
  EXPECT_THAT(message_of([&] { FastTokenizer::fit(chunks, kSteps, kDim, 10, 5); }),
              HasSubstr("letters, the vocabulary has 5"));
  EXPECT_THAT(message_of([&] { FastTokenizer::fit({}, kSteps, kDim); }), HasSubstr("no chunks"));
  const FastTokenizer fast = FastTokenizer::fit(chunks, kSteps, kDim);
  EXPECT_THAT(message_of([&] { fast.encode(chunks[0], kSteps, kDim + 1); }),
              HasSubstr("holds 30 numbers, not 10 x 4"));
  EXPECT_THAT(message_of([&] { fast.encode(std::vector<double>(30, NAN), kSteps, kDim); }),
              HasSubstr("no number"));

  const std::string around = R"({"pre_tokenizer": {"type": "ByteLevel"}, "model": )";
  EXPECT_THAT(refusal("{"), HasSubstr("tokenizer.json"));
  EXPECT_THAT(refusal(R"({"model": {"type": "WordPiece"}})"), HasSubstr("WordPiece"));
  EXPECT_THAT(refusal(R"({"model": {"vocab": {}, "merges": []}})"), HasSubstr("ByteLevel"));
  EXPECT_THAT(refusal(around + R"({"vocab": {"a": 5}, "merges": []}})"), HasSubstr("the id 5"));
  EXPECT_THAT(refusal(around + R"({"vocab": {"a": 0, "b": 0}, "merges": []}})"),
              HasSubstr("the id 0"));
  EXPECT_THAT(refusal(around + R"({"vocab": {"a": 0}, "merges": ["a b"]}})"), HasSubstr("'b'"));
  EXPECT_THAT(refusal(around + R"({"merges": []}})"), HasSubstr("vocab"));
  write("tokenizer.json", around + R"({"vocab": {"a": 0}, "merges": []}})");
  write("processor_config.json", R"({"scale": 0})");
  EXPECT_THAT(message_of([&] { FastTokenizer::open(folder_); }), HasSubstr("scale"));
}

// By hand: "ab" occurs thrice, "abc" twice then.
TEST_F(FastFolder, MergesAreLearntMostFrequentFirst) {
  const std::vector<std::u32string> texts = {U"abc", U"abc", U"ab", U"d"};
  const ByteBpe bpe = ByteBpe::fit(texts, U"abcd", 10);
  EXPECT_EQ(bpe.size(), 6);  // four letters, "ab", "abc"
  EXPECT_EQ(bpe.encode(U"abcab"), (std::vector<int>{5, 4}));
  EXPECT_EQ(bpe.decode(std::vector{5, 4}), U"abcab");
  EXPECT_THROW(bpe.encode(U"x"), Error);
  EXPECT_THROW(bpe.decode(std::vector{6}), Error);
}

// Words as GPT-2 cuts them: no merge crosses their borders.
TEST_F(FastFolder, MergesStayInsideWords) {
  const std::vector<std::u32string> texts = {U"a1a1", U"a1a1"};
  EXPECT_EQ(ByteBpe::fit(texts, U"", 10).size(), 2);
  const std::vector<std::u32string> spaced = {U"it's a  b", U"it's a  b"};
  const ByteBpe bpe = ByteBpe::fit(spaced, U"", 100);
  EXPECT_EQ(bpe.encode(spaced[0]).size(), 5U);  // it|'s| a| | b
  EXPECT_EQ(bpe.decode(bpe.encode(spaced[0])), spaced[0]);
}

// A policy whose actions are tokens of the golden vocabulary, in either project's format.
class FastWords : public testing::TestWithParam<Dialect> {
 protected:
  FastWords() {
    policy_.tokenizer = Tokenizer::open(kMisc / "tiny_gemma_like.model");
    policy_.fast_tokenizer =
        std::make_shared<FastTokenizer>(FastTokenizer::fit(chunks_, kSteps, kDim, 10, 300));
    policy_.config = ModelConfig::pi0_fast();
    policy_.processors = Processors{.dialect = GetParam()};
  }
  bool openpi() const { return GetParam() == Dialect::kOpenpi; }

  std::vector<std::vector<double>> chunks_ = motions(50);
  Checkpoint policy_;
};
INSTANTIATE_TEST_SUITE_P(Both, FastWords, testing::Values(Dialect::kLeRobot, Dialect::kOpenpi),
                         [](const auto& info) {
                           return info.param == Dialect::kOpenpi ? "openpi" : "LeRobot";
                         });

TEST_P(FastWords, ThereAndBack) {
  const ActionTokens words(policy_);
  const Tokenizer& tokenizer = *policy_.tokenizer;
  const ActionTokens::Answer answer = words.answer(chunks_[0], kSteps, kDim, 20);
  const std::vector<int> said(answer.tokens.begin() + std::ssize(words.opening()),
                              answer.tokens.end());
  const std::vector<double> expected = policy_.fast_tokenizer->decode(
      policy_.fast_tokenizer->encode(chunks_[0], kSteps, kDim), kSteps, kDim);
  EXPECT_EQ(answer.tokens.back(), tokenizer.eos_id());
  EXPECT_EQ(std::ranges::count(answer.is_target, uint8_t{0}), openpi() ? 0 : 1);  // BOS
  EXPECT_EQ(words.stop(), openpi() ? tokenizer.eos_id() : tokenizer.encode("|").back());
  if (!openpi()) {
    EXPECT_EQ(words.detokenise(said, kSteps, kDim), expected);
    return;
  }
  // openpi goes through the text, which words of this small vocabulary do not all survive.
  const std::vector<int> letters = {fast_word(tokenizer.vocab_size(), 1)};
  const std::string text = "Action: " + tokenizer.decode(letters) + "| and more";
  std::vector<int> ids = tokenizer.encode(tokenizer.decode(letters));
  for (int& id : ids) id = fast_word(tokenizer.vocab_size(), id);
  EXPECT_EQ(words.detokenise(tokenizer.encode(text), kSteps, kDim),
            policy_.fast_tokenizer->decode(ids, kSteps, kDim));
}

TEST_P(FastWords, WhatIsNoChunk) {
  const ActionTokens words(policy_);
  const std::vector<double> zeros(kSteps * kDim);
  const std::vector<int> chat = policy_.tokenizer->encode("pick it up");
  if (openpi()) {
    EXPECT_EQ(words.detokenise(chat, kSteps, kDim), zeros);
  } else {
    EXPECT_FALSE(words.detokenise(chat, kSteps, kDim));
    policy_.processors->fast.require_begin = false;
    EXPECT_TRUE(ActionTokens(policy_).detokenise(chat, kSteps, kDim));
  }
  EXPECT_EQ(words.detokenise(policy_.tokenizer->encode("Action: |"), kSteps, kDim), zeros);
}

TEST_P(FastWords, RoomAndRefusals) {
  policy_.processors->fast.max_train_tokens = 9;
  policy_.config.max_prompt_tokens = 29;
  EXPECT_EQ(ActionTokens(policy_).answer(chunks_[0], kSteps, kDim, 20).tokens.size(), 9);
  policy_.processors->fast.skipped_tokens = 690;
  EXPECT_THAT(message_of([&] { ActionTokens{policy_}; }), HasSubstr("too many for a vocabulary"));
  policy_.fast_tokenizer = nullptr;
  EXPECT_THAT(message_of([&] { ActionTokens{policy_}; }), HasSubstr("--fast-tokenizer DIR"));
  policy_.tokenizer = nullptr;
  EXPECT_THAT(message_of([&] { ActionTokens{policy_}; }), HasSubstr("--tokenizer FILE"));
}

TEST(FastPrompt, WordsThereAndBack) {
  const auto tokenizer = Tokenizer::open(kMisc / "tiny_gemma_like.model");
  const std::vector<int> actions = {0, 3, 17};
  const FastSequence whole = lerobot_fast_actions(*tokenizer, actions, 40);
  EXPECT_EQ(std::accumulate(whole.is_target.begin(), whole.is_target.end(), 0), 3);
  EXPECT_FALSE(whole.truncated);
  EXPECT_TRUE(lerobot_fast_actions(*tokenizer, actions, 4).truncated);
  EXPECT_EQ(fast_prompt(Dialect::kOpenpi, "Über Ä", std::vector{0.F}),
            "Task: über ä, State: 128;\n");
  EXPECT_EQ(fast_prompt(Dialect::kLeRobot, "Über Ä", std::vector{0.F}),
            "Task: Über Ä, State: 128;\n");
}

}  // namespace
}  // namespace gyre
