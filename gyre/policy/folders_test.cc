// Checkpoint folders as LeRobot and openpi leave them, made from the tiny ones of tests/golden.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/cost.h"
#include "gyre/policy/folder_testing.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/policy/stored_tensors.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace folder_testing;
const std::string kPrefixed = "model.";

class LeRobotFolder : public OtherFolder, public testing::WithParamInterface<std::string> {
 protected:
  Tensors tensors_ = read(kGolden / GetParam() / "model.safetensors");
  nlohmann::json config_ =
      nlohmann::json::parse(io::read_text(kGolden / GetParam() / "config.json"));

  void SetUp() override {
    OtherFolder::SetUp();
    put("config.json", config_);
    put_weights(tensors_);
  }
};

TEST_P(LeRobotFolder, DimensionsFollowFromTheTensors) {
  const bool pi0 = GetParam() == "pi0";
  const Checkpoint read = open();
  EXPECT_EQ(read.kind, FolderKind::kLeRobot);
  EXPECT_THAT(read.warnings, IsEmpty());
  const ModelConfig& config = read.config;
  EXPECT_EQ(config.type, GetParam());
  EXPECT_EQ(
      config.vision,
      (VisionConfig{
          .image_size = 56, .width = 48, .depth = 2, .heads = 4, .mlp_dim = 80, .patch = 14}));
  EXPECT_EQ(
      config.language,
      (GemmaConfig{
          .width = 64, .depth = 3, .mlp_dim = 96, .heads = 8, .kv_heads = 1, .head_dim = 16}));
  EXPECT_EQ(config.expert.width, 32);
  EXPECT_EQ(config.expert.mlp_dim, 56);
  EXPECT_EQ(config.vocab_size, 512);
  EXPECT_EQ(config.horizon, pi0 ? 10 : 12);
  EXPECT_EQ(config.max_prompt_tokens, pi0 ? 12 : 24);
  EXPECT_EQ(config.cameras, 3);
  EXPECT_TRUE(config.tied_embedding);
  EXPECT_EQ(read.processors->state_in_prompt, !pi0);
  EXPECT_EQ(read.processors->state_norm, pi0 ? NormKind::kMeanStd : NormKind::kQuantile);
  EXPECT_FALSE(read.processors->state.has_value());
  EXPECT_EQ(read.tokenizer, nullptr);
}

TEST_P(LeRobotFolder, EveryFormOfTheNames) {
  const ModelConfig config = open().config;
  const std::string tower = "vision_tower.vision_model.";
  put_weights(renamed(tensors_, [&](std::string name) {
    if (const size_t at = name.find(tower); at != name.npos) {
      name.replace(at, tower.size(), "vision_tower.");
    }
    return name;
  }));
  EXPECT_EQ(open().config, config);
  put_weights(renamed(tensors_, [](const std::string& name) { return name.substr(6); }));
  EXPECT_EQ(open().config, config);
  for (const std::string& one : {kTextHead, kWordEmbedding}) {
    Tensors tensors = tensors_;
    tensors.erase(kPrefixed + one);
    put_weights(tensors);
    EXPECT_EQ(open().config, config) << one;
  }
  // A π0.5 made from a π0 names its time MLP as π0 does, and the other way round.
  put_weights(renamed(tensors_, [&](const std::string& name) {
    const size_t at = name.find("time_mlp");
    if (at == name.npos) return name;
    return kPrefixed + (GetParam() == "pi0" ? "" : "action_") + name.substr(at);
  }));
  EXPECT_EQ(open().config, config);
}

TEST_P(LeRobotFolder, WordEmbeddingAndTextHeadThatDifferAreBothKept) {
  const int64_t tied = parameter_count(open().config);
  tensors_[kPrefixed + kWordEmbedding].bytes[3] ^= std::byte{1};
  put_weights(tensors_);
  const Checkpoint read = open();
  EXPECT_FALSE(read.config.tied_embedding);
  EXPECT_EQ(parameter_count(read.config), tied + 512 * 64);
}

TEST_P(LeRobotFolder, TypesOfTensorsMayDiffer) {
  const ModelConfig config = open().config;
  for (auto& [name, tensor] : tensors_) {
    if (name.find("self_attn") != name.npos) tensor = halved(tensor);
  }
  put_weights(tensors_);
  EXPECT_EQ(open().config, config);
  auto& words = tensors_[kPrefixed + kWordEmbedding];
  words = halved(words);  // rounded: another tensor than the head
  put_weights(tensors_);
  EXPECT_FALSE(open().config.tied_embedding);
}

TEST_P(LeRobotFolder, TheTensorsWinOverTheType) {
  config_["type"] = GetParam() == "pi0" ? "pi05" : "pi0";
  put("config.json", config_);
  EXPECT_EQ(open().config.type, GetParam());
  EXPECT_THAT(open().warnings, ElementsAre(HasSubstr("the tensors are those of " + GetParam())));
}

TEST_P(LeRobotFolder, NormalisersLieWhereTheProcessorsSay) {
  const nlohmann::json step = {
      {"registry_name", "normalizer_processor"},
      {"config", {{"norm_map", {{"STATE", "QUANTILES"}, {"ACTION", "MEAN_STD"}}}}},
      {"state_file", "somewhere_step_5.safetensors"}};
  put("policy_preprocessor.json",
      {{"steps", {{{"registry_name", "rename_observations_processor"}}, step}}});
  EXPECT_THAT(refusal(), AllOf(HasSubstr("policy_preprocessor.json"),
                               HasSubstr("'somewhere_step_5.safetensors', which is not there")));
  Tensors stats;
  const std::vector<float> low(14, -1), high(14, 2);
  for (const std::string feature : {"observation.state", "action"}) {
    stats[feature + ".q01"] = stats[feature + ".mean"] = vector_of(low);
    stats[feature + ".q99"] = stats[feature + ".std"] = vector_of(high);
  }
  stats["observation.images.front.mean"] = {io::Dtype::kF32, {3, 1, 1}, vector_of({1, 1, 1}).bytes};
  write(folder_ / "somewhere_step_5.safetensors", stats);
  const Processors processors = open().processors.value();
  EXPECT_EQ(processors.state_norm, NormKind::kQuantile);
  EXPECT_EQ(processors.action_norm, NormKind::kMeanStd);
  EXPECT_THAT(processors.state->q99, testing::Each(2.0));
  EXPECT_EQ(processors.action->std.size(), 14);

  stats["action.mean"] = vector_of({1, 2});
  stats["action.std"] = stats["action.q01"] = stats["action.q99"] = vector_of({1, 2});
  write(folder_ / "somewhere_step_5.safetensors", stats);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("feature 'action'"), HasSubstr("14 are wanted")));
}

TEST_P(LeRobotFolder, RefusalsNameEveryTensor) {
  Tensors tensors = tensors_;
  tensors.erase("model.action_out_proj.bias");
  const std::string layer = "model.paligemma_with_expert.gemma_expert.model.layers.1.";
  tensors.erase(layer + "mlp.up_proj.weight");
  tensors[layer + "self_attn.o_proj.weight"].shape = {16, 256};
  put_weights(tensors);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("action_out_proj.bias (missing)"),
                               HasSubstr("layers.1.mlp.up_proj.weight (missing)"),
                               HasSubstr("o_proj.weight (shape [16, 256], wanted [32, 128])")));
  tensors = tensors_;
  tensors.erase(kPrefixed + kTextHead);
  tensors.erase(kPrefixed + kWordEmbedding);
  put_weights(tensors);
  EXPECT_THAT(refusal(), HasSubstr("tensors missing: " + kTextHead));
  tensors = tensors_;
  tensors["action_out_proj.bias"] = tensors["model.action_out_proj.bias"];
  put_weights(tensors);
  EXPECT_THAT(refusal(), HasSubstr("two names of one tensor"));
  put_weights(tensors_);
  const fs::path file = folder_ / "model.safetensors";
  fs::resize_file(file, fs::file_size(file) - 8);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("tensor '"), HasSubstr("truncated")));
}

TEST_P(LeRobotFolder, ExtraTensorsAreOneWarning) {
  tensors_["model.one"] = vector_of({1});
  tensors_["two"] = vector_of({1});
  tensors_["model.paligemma_with_expert.gemma_expert.lm_head.weight"] = vector_of({1});
  put_weights(tensors_);
  EXPECT_THAT(open().warnings, ElementsAre(HasSubstr("does not read: model.one, two")));
}

TEST_P(LeRobotFolder, RefusalsNameTheField) {
  const auto with = [&](const char* field, const nlohmann::json& value) {
    nlohmann::json json = config_;
    json[field] = value;
    put("config.json", json);
    return refusal();
  };
  EXPECT_THAT(with("type", "act"), HasSubstr("config.json: its type 'act'"));
  EXPECT_THAT(with("type", 3), HasSubstr("its type '3'"));
  EXPECT_THAT(with("chunk_size", "ten"), HasSubstr("config.json: lacks a field"));
  EXPECT_THAT(with("chunk_size", 0), HasSubstr("'horizon' is not positive"));
  EXPECT_THAT(with("input_features", nlohmann::json::object()), HasSubstr("give --cameras N"));
  EXPECT_THAT(with("use_proprioceptive_memory", true), HasSubstr("past states"));
  EXPECT_THAT(with("normalization_mapping", {{"STATE", "LOG"}, {"ACTION", "LOG"}}),
              HasSubstr("'LOG' of STATE is not known"));
  put("config.json", config_);
  EXPECT_THAT(refusal({.horizon = 11}), HasSubstr("another value than --horizon N"));
  config_.erase("tiny_dims");
  put("config.json", config_);
  EXPECT_THAT(refusal(), HasSubstr("give --heads N, --vision-heads N"));
  EXPECT_EQ(open({.heads = 16, .vision_heads = 4}).config.language.head_dim, 8);
  EXPECT_THAT(refusal({.heads = 7, .vision_heads = 4}), HasSubstr("check --heads"));
}

INSTANTIATE_TEST_SUITE_P(All, LeRobotFolder, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

TEST_P(LeRobotFolder, RandomWeightsOpenAndAreTheSeeds) {
  const ModelConfig config = open().config;
  const auto made = [&](const char* name, uint64_t seed, io::Dtype type) {
    write_initial_folder(config, {.seed = seed, .type = type}, folder_ / name);
    return folder_ / name;
  };
  const fs::path first = made("first", 1, io::Dtype::kBF16),
                 other = made("other", 2, io::Dtype::kF32);
  const FolderOptions heads{.heads = 8, .vision_heads = 4};
  EXPECT_EQ(Checkpoint::open(first, heads).config, config);
  const auto hash = [&](const fs::path& folder) {
    return sha256_file(Checkpoint::open(folder, heads).weights_path());
  };
  EXPECT_EQ(hash(first), hash(made("again", 1, io::Dtype::kBF16)));
  EXPECT_THAT(Checkpoint::open(other, heads).warnings, IsEmpty());
  for (const auto& [name, tensor] : read(other / "model.safetensors")) {
    EXPECT_NE(std::ranges::count(tensor.bytes, std::byte{0}), tensor.bytes.size()) << name;
  }
  EXPECT_THROW(write_initial_folder(config, {.seed = 1}, first), Error);
}

class NanoFolder : public OtherFolder {};

TEST_F(NanoFolder, InitialNanoIsAFolderOfGyre) {
  const auto vocabulary = Tokenizer::open(kMisc / "tiny_gemma_like.model");
  const std::filesystem::path folder = folder_ / "nano";
  write_initial_folder(ModelConfig::nano(), {.seed = 1}, folder, vocabulary);
  const Checkpoint nano = Checkpoint::open(folder);
  EXPECT_EQ(nano.kind, FolderKind::kGyre);
  EXPECT_EQ(nano.config.vocab_size, vocabulary->vocab_size());
  StoredTensors::open(nano.weights_path()).require(nano.config);
}

class OpenpiFolder : public OtherFolder {
 protected:
  FolderOptions given_{.horizon = 12, .heads = 8, .vision_heads = 4, .discrete_state = false};

  void SetUp() override {
    OtherFolder::SetUp();
    fs::copy(kGolden / "pi05/model_openpi_layout.safetensors", folder_ / "model.safetensors");
  }
  void put_stats(const std::string& asset, int dim) const {
    const std::vector<double> zeros(dim, 0), ones(dim, 1);
    const nlohmann::json stats = {{"mean", zeros}, {"std", ones}, {"q01", zeros}, {"q99", ones}};
    put("assets/" + asset + "/norm_stats.json",
        {{"norm_stats", {{"state", stats}, {"actions", stats}}}});
  }
};

TEST_F(OpenpiFolder, WhatItDoesNotSayIsAskedFor) {
  EXPECT_THAT(refusal(), HasSubstr("give --heads N, --vision-heads N, --horizon N, "
                                   "--discrete-state true|false"));
  const Checkpoint read = open(given_);
  EXPECT_EQ(read.kind, FolderKind::kOpenpi);
  EXPECT_EQ(read.config.horizon, 12);
  EXPECT_EQ(read.config.max_prompt_tokens, 200);
  EXPECT_FALSE(read.processors->state_in_prompt);
  EXPECT_EQ(read.processors->dialect, Dialect::kOpenpi);
  EXPECT_EQ(read.processors->action_norm, NormKind::kQuantile);
  EXPECT_THAT(read.warnings, IsEmpty());
}

TEST_F(OpenpiFolder, ItsConfigIsRead) {
  put("config.json", {{"action_dim", 8}, {"action_horizon", 15}, {"precision", "bfloat16"}});
  given_.horizon.reset();
  EXPECT_EQ(open(given_).config.horizon, 15);
  EXPECT_THAT(open(given_).warnings,
              ElementsAre(HasSubstr("action_dim is 8, the tensors take 32")));
  given_.horizon = 10;
  EXPECT_THAT(refusal(given_), HasSubstr("another value than --horizon N"));
}

TEST_F(OpenpiFolder, LinkedAssetsAreFollowed) {
  put_stats("elsewhere", 14);
  fs::create_directories(folder_ / "norms");
  fs::rename(folder_ / "assets/elsewhere/norm_stats.json", folder_ / "norms/norm_stats.json");
  fs::create_directory_symlink("../norms", folder_ / "assets/lab");
  fs::create_directory_symlink("..", folder_ / "assets/loop");
  given_.asset = "lab";
  EXPECT_EQ(open(given_).processors->state->dim(), 14);
}

TEST_F(OpenpiFolder, NormaliserOfTheAsset) {
  put_stats("trossen", 14);
  EXPECT_EQ(open(given_).processors->asset, "trossen");
  EXPECT_EQ(open(given_).processors->action->q99.size(), 14);
  put_stats("lab/droid", 8);
  EXPECT_THAT(refusal(given_), HasSubstr("give --asset ID (one of lab/droid, trossen)"));
  given_.asset = "lab/droid";
  EXPECT_EQ(open(given_).processors->state->dim(), 8);
  given_.asset = "arx";
  EXPECT_THAT(refusal(given_), HasSubstr("no assets/arx/norm_stats.json; it has lab/droid"));
  put("assets/lab/droid/norm_stats.json",
      {{"norm_stats", {{"state", {{"mean", {1, 2}}, {"std", {1}}}}}}});
  given_.asset = "lab/droid";
  EXPECT_THAT(refusal(given_), HasSubstr("state.std: has another width"));
}

TEST_F(OpenpiFolder, StatisticsAndVocabularyFromElsewhere) {
  put_stats("elsewhere", 7);
  given_.stats = folder_ / "assets/elsewhere/norm_stats.json";
  given_.tokenizer = kMisc / "tiny_gemma_like.model";
  EXPECT_THAT(refusal(given_), HasSubstr("has 700 pieces, the policy's embedding table 512"));
  given_.tokenizer = kRoot / "assets/vocabulary/nano.model";
  const Checkpoint read = open(given_);
  EXPECT_EQ(read.processors->state->dim(), 7);
  EXPECT_NE(read.tokenizer, nullptr);
}

TEST_F(OpenpiFolder, OtherLayoutsAreRefusedWithTheStepThatConverts) {
  put("adapter_config.json", {{"r", 16}});
  EXPECT_THAT(refusal(given_), AllOf(HasSubstr("PEFT adapter"), HasSubstr("merge")));
  fs::remove(folder_ / "adapter_config.json");
  fs::remove(folder_ / "model.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("is no policy folder"));
  put("model.safetensors.index.json", {{"weight_map", nlohmann::json::object()}});
  EXPECT_THAT(refusal(), HasSubstr("in shards"));
  fs::remove(folder_ / "model.safetensors.index.json");
  put("pytorch_model_fsdp_0/__0_0.distcp", 1);
  EXPECT_THAT(refusal(), HasSubstr("dcp_to_torch"));
  fs::create_directories(folder_ / "params");
  EXPECT_THAT(refusal(), HasSubstr("convert_jax_model_to_pytorch.py"));
}

}  // namespace
}  // namespace gyre
