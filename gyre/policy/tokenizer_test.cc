#include "gyre/policy/tokenizer.h"

#include <gtest/gtest.h>
#include <sentencepiece_processor.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/io/file.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

nlohmann::json golden() { return nlohmann::json::parse(io::read_text(kMisc / "openpi_misc.json")); }

TEST(TokenizerGolden, EncodesAndDecodesAsRecorded) {
  const auto tokenizer = Tokenizer::open(kMisc / "tiny_gemma_like.model");
  const nlohmann::json cases = golden().at("sentencepiece");
  ASSERT_GT(cases.size(), 10);
  for (const nlohmann::json& each : cases) {
    const std::string text = each.at("text");
    const auto ids = each.at("ids").get<std::vector<int>>();
    EXPECT_EQ(tokenizer->encode(text), ids) << text;
    EXPECT_EQ(tokenizer->decode(ids), each.at("decoded").get<std::string>()) << text;
  }
  EXPECT_EQ(tokenizer->vocab_size(), golden().at("vocab_size").get<int>());
  EXPECT_EQ(tokenizer->pad_id(), 0);
  EXPECT_EQ(tokenizer->eos_id(), 1);
  EXPECT_EQ(tokenizer->bos_id(), 2);
}

// A vocabulary of every kind that the reader knows. The unigram one has a dummy prefix, squeezed
// spaces, no byte fallback and a symbol of its user's: spm_train --model_type=unigram
// --vocab_size=200 --normalization_rule_name=identity '--user_defined_symbols=<seg000>' on
// assets/vocabulary/corpus.txt.
class TokenizerTwin : public testing::TestWithParam<const char*> {
 protected:
  fs::path model() {
    const std::string kind = GetParam();
    return kind == "nano"   ? kRoot / "assets/vocabulary/nano.model"
           : kind == "tiny" ? kMisc / "tiny_gemma_like.model"
                            : kRoot / "tests/vocabulary/unigram.model";
  }
};

std::string random_text(Rng& rng) {
  static const std::vector<std::string> kParts = {" ",
                                                  "  ",
                                                  "\n",
                                                  "\t",
                                                  "_",
                                                  "put",
                                                  "the red cup",
                                                  "onto the plate",
                                                  ";\nAction: ",
                                                  "é",
                                                  "机",
                                                  "🙂",
                                                  "\u2581",
                                                  "<s>",
                                                  "<pad>",
                                                  "<seg000>",
                                                  "State: 12 255 -1",
                                                  "0x41",
                                                  ".",
                                                  ",",
                                                  "lll",
                                                  "<0x41>",
                                                  "purple"};
  std::string text;
  for (int64_t i = 0, n = rng.below(12); i < n; ++i) {
    if (rng.chance(0.5)) {
      text += kParts[rng.below(static_cast<int64_t>(kParts.size()))];
    } else {
      text.push_back(static_cast<char>(rng.chance(0.9) ? 'a' + rng.below(26) : 33 + rng.below(94)));
    }
  }
  return text;
}

TEST_P(TokenizerTwin, AgreesWithLibsentencepiece) {
  sentencepiece::SentencePieceProcessor theirs;
  ASSERT_TRUE(theirs.Load(model().string()).ok());
  const auto ours = Tokenizer::open(model());
  ASSERT_EQ(ours->vocab_size(), theirs.GetPieceSize());
  EXPECT_EQ(ours->bos_id(), theirs.bos_id());
  EXPECT_EQ(ours->eos_id(), theirs.eos_id());
  Rng rng = Rng::stream(7, GetParam());
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_text(rng);
    std::vector<int> ids;
    ASSERT_TRUE(theirs.Encode(text, &ids).ok());
    ASSERT_EQ(ours->encode(text), ids) << "'" << text << "'";
    std::string decoded;
    ASSERT_TRUE(theirs.Decode(ids, &decoded).ok());
    ASSERT_EQ(ours->decode(ids), decoded) << "'" << text << "'";
  }
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, TokenizerTwin, testing::Values("nano", "tiny", "unigram"),
                         [](const auto& info) { return std::string(info.param); });

TEST(TokenizerFile, DamageIsRefusedOrHarmless) {
  const std::string whole = io::read_text(kRoot / "assets/vocabulary/nano.model");
  const fs::path file =
      fs::temp_directory_path() / ("gyre_tokenizer_" + std::to_string(getpid()) + ".model");
  io::write_atomically(file, whole.substr(0, whole.size() / 2));
  EXPECT_THROW(Tokenizer::open(file), Error) << "half of a file";
  io::write_atomically(file, std::string());
  EXPECT_THROW(Tokenizer::open(file), Error) << "an empty file";
  Rng rng = Rng::stream(3, "damage");
  for (int round = 0; round < 200; ++round) {
    std::string damaged = whole;
    damaged[rng.below(static_cast<int64_t>(damaged.size()))] = static_cast<char>(rng.below(256));
    std::ofstream(file, std::ios::binary) << damaged;
    try {
      const auto tokenizer = Tokenizer::open(file);
      tokenizer->decode(tokenizer->encode("put the purple block onto the plate"));
    } catch (const Error&) {
    }
  }
  fs::remove(file);
}

TEST(NanoVocabulary, EveryWordOfTheKitchenTakesFewTokens) {
  const auto tokenizer = Tokenizer::open(kRoot / "assets/vocabulary/nano.model");
  for (const char* text :
       {"put the red cup into the sink", "open the drawer", "put the purple block onto the plate",
        "stack the red block on the blue block"}) {
    const std::vector<int> ids = tokenizer->encode(text);
    EXPECT_LE(ids.size(), 16) << text;
    EXPECT_EQ(tokenizer->decode(ids), text);
    for (int id : ids) EXPECT_LT(id, 512);
  }
}

}  // namespace
}  // namespace gyre
