// All of a policy but its weights: configuration, normalisers, prompts and their folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/cost.h"
#include "gyre/policy/prompt.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

TEST(ModelConfig, JsonRoundTripOfEveryPreset) {
  for (const ModelConfig& config : {ModelConfig::pi0(), ModelConfig::pi05(), ModelConfig::nano()}) {
    config.validate();
    EXPECT_EQ(nlohmann::json(config).get<ModelConfig>(), config) << config.type;
  }
  ModelConfig config = ModelConfig::nano();
  EXPECT_FALSE(nlohmann::json(config).contains("max_delay")) << "hashes of older policies stay";
  config.max_delay = 6;
  EXPECT_EQ(nlohmann::json(config).get<ModelConfig>(), config);
}

TEST(ModelConfig, RefusalsNameTheField) {
  const auto refusal = [](const std::string& pointer, const nlohmann::json& value) {
    nlohmann::json json = ModelConfig::nano();
    json[nlohmann::json::json_pointer(pointer)] = value;
    return message_of([&] { json.get<ModelConfig>(); });
  };
  EXPECT_THAT(refusal("/horizn", 3), HasSubstr("unknown key 'horizn'; did you mean 'horizon'?"));
  EXPECT_THAT(refusal("/vision/chanels", 3),
              HasSubstr("unknown key 'vision.chanels'; did you mean 'channels'?"));
  EXPECT_THAT(refusal("/horizon", "ten"), HasSubstr("'horizon' has a value of another type"));
  EXPECT_THAT(refusal("/horizon", 0), HasSubstr("'horizon' is not positive"));
  EXPECT_THAT(refusal("/max_delay", 10), HasSubstr("'max_delay' is not between"));
  EXPECT_THAT(refusal("/vision/kind", "sigclip"), HasSubstr("'vision.kind' has no choice"));
  EXPECT_THAT(refusal("/vision", 7), HasSubstr("'vision' is not a table"));
  EXPECT_THAT(refusal("/expert/depth", 4), HasSubstr("'expert' differs from language in depth"));
  EXPECT_THAT(refusal("/language/head_dim", 31), HasSubstr("head_dim"));
}

// Counted by openpi's and LeRobot's own code.
TEST(Cost, ParametersOfPi0AndPi05Exactly) {
  EXPECT_EQ(parameter_count(ModelConfig::pi0()), 3'238'048'528);
  EXPECT_EQ(parameter_count(ModelConfig::pi05()), 3'353'433'872);
}

class NormalizerGolden : public testing::Test {
 protected:
  io::SafeTensors file_ = io::SafeTensors::open(kMisc / "lerobot_misc.safetensors");
  std::vector<float> floats(const std::string& name) const { return file_.at(name).to_floats(); }
  std::vector<double> doubles(const std::string& name) const {
    const std::vector<float> values = floats(name);
    return {values.begin(), values.end()};
  }
  Stats stats() const {
    Stats stats;
    stats.mean = doubles("norm.stats.mean");
    stats.std = doubles("norm.stats.std");
    stats.q01 = doubles("norm.stats.q01");
    stats.q99 = doubles("norm.stats.q99");
    stats.min = doubles("norm.stats.min");
    stats.max = doubles("norm.stats.max");
    stats.q10 = doubles("norm.stats.q10");
    stats.q90 = doubles("norm.stats.q90");
    return stats;
  }
  // Relative where large: a width of zero maps to values of 1e8.
  static void expect_near(const std::vector<float>& ours, const std::vector<float>& theirs,
                          float tolerance = 2e-6F) {
    ASSERT_EQ(ours.size(), theirs.size());
    for (size_t i = 0; i < ours.size(); ++i) {
      EXPECT_NEAR(ours[i], theirs[i], tolerance * std::max(1.0f, std::abs(theirs[i]))) << i;
    }
  }
};

TEST_F(NormalizerGolden, AsLeRobotBothWays) {
  for (const auto& [kind, name] : {std::pair{NormKind::kMeanStd, std::string("MEAN_STD")},
                                   {NormKind::kQuantile, std::string("QUANTILES")},
                                   {NormKind::kQuantile10, std::string("QUANTILE10")},
                                   {NormKind::kMinMax, std::string("MIN_MAX")}}) {
    const Normalizer normalizer(kind, stats(), 9);
    const std::vector<float> x = floats("norm.x");
    std::vector<float> there(x.size()), back(x.size());
    normalizer.normalize(x, there);
    normalizer.unnormalize(x, back);
    SCOPED_TRACE(name);
    expect_near(there, floats("norm.lerobot." + name + ".normalized"));
    expect_near(back, floats("norm.lerobot." + name + ".unnormalized_of_x"));
  }
}

// openpi's statistics may be of another width than what they are used on.
TEST_F(NormalizerGolden, AsOpenpiBothWays) {
  file_ = io::SafeTensors::open(kMisc / "openpi_misc.safetensors");
  Stats stats;
  stats.mean = doubles("norm.openpi.stats.mean");
  stats.std = doubles("norm.openpi.stats.std");
  stats.q01 = doubles("norm.openpi.stats.q01");
  stats.q99 = doubles("norm.openpi.stats.q99");
  for (const auto& [width, dim] : {std::pair{std::string("same"), 8},
                                   {std::string("longer"), 11},
                                   {std::string("shorter"), 6}}) {
    const std::string start = "norm.openpi." + width + ".";
    const std::vector<float> x = floats(start + "x");
    for (const auto& [kind, name] : {std::pair{NormKind::kMeanStd, std::string("zscore")},
                                     {NormKind::kQuantile, std::string("quantile")}}) {
      SCOPED_TRACE(start + name);
      const Normalizer normalizer(kind, stats, static_cast<size_t>(dim), Dialect::kOpenpi);
      std::vector<float> there(x.size()), back(x.size());
      normalizer.normalize(x, there);
      normalizer.unnormalize(x, back);
      const std::string out = start + name + ".normalized",
                        in = start + name + ".unnormalized_of_x";
      // It computes in float32 where a width is no more than its epsilon.
      if (file_.find(out)) expect_near(there, floats(out), 5e-6F);
      if (file_.find(in)) expect_near(back, floats(in), 5e-6F);
    }
  }
}

TEST_F(NormalizerGolden, RefusesWrongWidthAndNan) {
  Stats bad = stats();
  EXPECT_THAT(message_of([&] { Normalizer(NormKind::kQuantile, bad, 8); }),
              HasSubstr("statistic 'q01' has 9 entries where 8 are wanted"));
  bad.std[3] = std::nan("");
  EXPECT_THAT(message_of([&] { Normalizer(NormKind::kMeanStd, bad, 9); }),
              HasSubstr("statistic 'std' is not finite at entry 3"));
}

TEST(Prompt, BosThenTheWordsAndNoMoreThanThePolicyTakes) {
  const auto tokenizer = Tokenizer::open(kRoot / "assets/vocabulary/nano.model");
  const std::string text = action_prompt("open the drawer");
  EXPECT_EQ(text, "Task: open the drawer;\nAction: ");
  EXPECT_EQ(subtask_prompt("clear the table"), "Task: clear the table;\nSubtask: ");
  const std::vector<int> ids = encode_prompt(*tokenizer, text, 48);
  EXPECT_EQ(ids.front(), tokenizer->bos_id());
  EXPECT_EQ(tokenizer->decode({ids.begin() + 1, ids.end()}), text);
  EXPECT_THAT(message_of([&] { encode_prompt(*tokenizer, text, 3); }),
              AllOf(HasSubstr("open the drawer"), HasSubstr("the policy takes 3")));
}

Stats unit_stats(size_t dim) {
  Stats s;
  s.min = s.q01 = s.q10 = std::vector<double>(dim, -1);
  s.mean = s.q50 = std::vector<double>(dim, 0);
  s.std = s.max = s.q90 = s.q99 = std::vector<double>(dim, 1);
  s.count = 5;
  return s;
}

class CheckpointFolder : public testing::Test {
 protected:
  fs::path folder_ = fs::temp_directory_path() / ("gyre_checkpoint_" + std::to_string(getpid()));
  Checkpoint written_;

  void SetUp() override {
    fs::create_directories(folder_);
    written_.config = ModelConfig::nano();
    written_.tokenizer = Tokenizer::open(kRoot / "assets/vocabulary/nano.model");
    Embodiment arm;
    arm.name = "toy/joint";
    arm.state = {{.name = "a", .unit = "rad", .min = -1, .max = 1}};
    arm.action = arm.state;
    arm.cameras = {{"front", 64, 64, "fixed"}};
    arm.workspace = {{-1, -1, -1}, {1, 1, 1}};
    written_.embodiments[arm.name] = {arm, unit_stats(1), unit_stats(1)};
    written_.about = {{"parent", "none"}};
    write_weights(1);
    written_.write(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write_weights(float value) {
    io::write_safetensors(folder_ / "model.safetensors", {{"a", io::Dtype::kF32, {1}}}, {},
                          [&](size_t) { return std::as_bytes(std::span(&value, 1)); });
  }
  std::string policy_hash() { return Checkpoint::open(folder_).policy_hash; }
  std::string refusal() {
    return message_of([&] { Checkpoint::open(folder_); });
  }
  void edit(const std::string& file, const std::string& pointer, const nlohmann::json& value) {
    nlohmann::json json = nlohmann::json::parse(io::read_text(folder_ / file));
    json[nlohmann::json::json_pointer(pointer)] = value;
    io::write_atomically(folder_ / file, json.dump());
  }
};

TEST_F(CheckpointFolder, ReadsWhatItWrote) {
  const Checkpoint read = Checkpoint::open(folder_);
  EXPECT_EQ(read.config, written_.config);
  EXPECT_EQ(read.about, written_.about);
  EXPECT_EQ(read.tokenizer->bytes(), written_.tokenizer->bytes());
  EXPECT_EQ(read.embodiments.at("toy/joint").contract, written_.embodiments["toy/joint"].contract);
  EXPECT_EQ(read.embodiments.at("toy/joint").action, unit_stats(1));
  EXPECT_EQ(read.weights_hash.size(), 64);
}

TEST_F(CheckpointFolder, ThePolicysHashCoversAllThatDecidesItsActions) {
  const Checkpoint first = Checkpoint::open(folder_);
  EXPECT_EQ(first.policy_hash.size(), 16);
  EXPECT_EQ(policy_hash(), first.policy_hash);

  // Unlike its training, its evaluation or the format of its files.
  edit("gyre.json", "/about/parent", "another");
  EXPECT_EQ(policy_hash(), first.policy_hash);

  edit("gyre.json", "/embodiments/0/action/q99", {2.0});
  const std::string other_normaliser = policy_hash();
  EXPECT_NE(other_normaliser, first.policy_hash);
  EXPECT_EQ(Checkpoint::open(folder_).weights_hash, first.weights_hash);
  edit("gyre.json", "/embodiments/0/action/q99", {1.0});
  EXPECT_EQ(policy_hash(), first.policy_hash);

  edit("config.json", "/flow_steps", 7);
  EXPECT_NE(policy_hash(), first.policy_hash);
  written_.write(folder_);
  EXPECT_EQ(policy_hash(), first.policy_hash);

  fs::copy_file(kGolden / "misc/tiny_gemma_like.model", folder_ / "tokenizer.model",
                fs::copy_options::overwrite_existing);
  edit("config.json", "/vocab_size", 1000);
  const std::string other_tokenizer = policy_hash();
  written_.write(folder_);
  edit("config.json", "/vocab_size", 1000);
  EXPECT_NE(policy_hash(), other_tokenizer);

  written_.write(folder_);
  write_weights(2);
  EXPECT_NE(policy_hash(), first.policy_hash);
  EXPECT_NE(Checkpoint::open(folder_).weights_hash, first.weights_hash);
}

// The transforms of a foreign policy come from several files and flags.
TEST(ForeignPolicyHash, CoversItsTransforms) {
  Checkpoint policy = Checkpoint::open(kGolden / "pi05");
  EXPECT_EQ(policy.policy_hash, "") << "gigabytes are not hashed by the way";
  policy.hash_weights();
  const std::string first = policy.policy_hash;
  EXPECT_EQ(first.size(), 16);
  policy.processors->action = unit_stats(14);
  policy.hash_weights();
  EXPECT_NE(policy.policy_hash, first);
  policy.processors->action.reset();
  policy.processors->joints.mirrored = {1};
  policy.hash_weights();
  EXPECT_NE(policy.policy_hash, first);
}

TEST_F(CheckpointFolder, AnotherContractIsRefusedByName) {
  const Checkpoint read = Checkpoint::open(folder_);
  Embodiment robot = written_.embodiments["toy/joint"].contract;
  EXPECT_EQ(read.trained_on(robot).state, unit_stats(1));
  robot.action[0].max = 2;
  EXPECT_THAT(message_of([&] { read.trained_on(robot); }), HasSubstr("robot toy/joint"));
  robot.name = "other/joint";
  EXPECT_THAT(message_of([&] { read.trained_on(robot); }),
              HasSubstr("was not trained on robot 'other/joint'; it knows toy/joint"));
}

TEST_F(CheckpointFolder, RefusalsNameFileAndField) {
  edit("config.json", "/horizon", -1);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("config.json"), HasSubstr("'horizon' is not positive")));
  edit("config.json", "/horizon", 10);
  edit("config.json", "/vocab_size", 100);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("tokenizer.model"), HasSubstr("embedding table 100")));
  edit("config.json", "/vocab_size", 512);
  edit("gyre.json", "/embodiments/0/state/q01", {1.0, 2.0});
  EXPECT_THAT(refusal(), HasSubstr("statistic 'q01' has 2 entries where 1 are wanted"));
  edit("gyre.json", "/embodiments/0/state/q01", {-1.0});
  edit("gyre.json", "/embodiments/0/contract_hash", "0000");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("gyre.json"), HasSubstr("does not match its hash")));
  io::write_atomically(folder_ / "gyre.json", "{");
  EXPECT_THAT(refusal(), HasSubstr("gyre.json: is not JSON"));
}

}  // namespace
}  // namespace gyre
