// Folders of π0-FAST: LeRobot's, and openpi's dialect without a type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/policy/adapter.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/convert_folder.h"
#include "gyre/policy/cost.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FastPolicyFolder : public testing::Test {
 protected:
  FastPolicyFolder() {
    fs::remove_all(folder_);
    config_ = ModelConfig::pi0_fast();
    config_.vision = {
        .image_size = 28, .width = 12, .depth = 2, .heads = 3, .mlp_dim = 20, .patch = 14};
    config_.language = {
        .width = 16, .depth = 3, .mlp_dim = 24, .heads = 2, .kv_heads = 1, .head_dim = 10};
    config_.vocab_size = 700;  // as the golden vocabulary
    config_.max_action_dim = 24;
    config_.horizon = 7;
    write_initial_folder(config_, {.seed = 1}, folder_ / "base");
  }
  ~FastPolicyFolder() override { fs::remove_all(folder_); }

  Checkpoint open(const FolderOptions& given = {}) const {
    return Checkpoint::open(folder_ / "base", given);
  }
  nlohmann::json read() const {
    return nlohmann::json::parse(io::read_text(folder_ / "base/config.json"));
  }
  void put(const nlohmann::json& json) const {
    io::write_atomically(folder_ / "base/config.json", json.dump());
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "fast_policy_folder";
  ModelConfig config_;
};

TEST_F(FastPolicyFolder, IsWhatItsTensorsSay) {
  const Checkpoint policy = open();
  EXPECT_EQ(policy.kind, FolderKind::kLeRobot);
  EXPECT_THAT(policy.warnings, testing::IsEmpty());
  EXPECT_EQ(policy.config, config_);
  EXPECT_EQ(policy.processors->fast.steps, 7);
  const auto weights = io::SafeTensors::open(policy.weights_path());
  for (const auto& [name, view] : weights.tensors()) {
    EXPECT_TRUE(name.starts_with("model.paligemma_with_expert.paligemma.")) << name;
  }
  // The published size: π0.5's vision tower, projector and language model.
  EXPECT_EQ(parameter_count(ModelConfig::pi0_fast()), 412'442'352 + 2'361'344 + 2'508'531'712);
}

TEST_F(FastPolicyFolder, FieldsOfLeRobot) {
  nlohmann::json json = read();
  EXPECT_FALSE(json.contains("num_inference_steps"));  // LeRobot refuses fields that it has not
  json.update({{"max_action_tokens", 90},
               {"max_decoding_steps", 80},
               {"fast_skip_tokens", 1152},
               {"n_action_steps", 5},
               {"temperature", 0.5},
               {"validate_action_token_prefix", false}});
  put(json);
  const FastTokenOptions options = open().processors->fast;
  EXPECT_EQ(options.max_train_tokens, 90);
  EXPECT_EQ(options.max_decode_tokens, 80);
  EXPECT_EQ(options.skipped_tokens, 1152);
  EXPECT_EQ(options.steps, 5);
  EXPECT_EQ(options.temperature, 0.5);
  EXPECT_FALSE(options.require_begin);
  json["max_decoding_steps"] = 0;
  put(json);
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("'max_decoding_steps' is out of range"));
}

// A π0 that lost its expert is no π0-FAST.
TEST_F(FastPolicyFolder, ThePolicyThatTheTypeNamesLacksItsExpert) {
  nlohmann::json json = read();
  json["type"] = "pi0";
  put(json);
  EXPECT_THAT(message_of([&] { open(); }), HasSubstr("gemma_expert.model.layers.0.mlp.gate_proj"));
}

TEST_F(FastPolicyFolder, WithoutATypeItIsOpenpis) {
  nlohmann::json json = read();
  json.erase("type");
  json.update({{"action_horizon", 9}, {"max_token_len", 180}});
  put(json);
  const Checkpoint policy = open();
  EXPECT_EQ(policy.kind, FolderKind::kOpenpi);
  EXPECT_EQ(policy.config.type, "pi0_fast");
  EXPECT_EQ(policy.config.horizon, 9);
  EXPECT_EQ(policy.config.max_prompt_tokens, 180);
  EXPECT_EQ(policy.processors->dialect, Dialect::kOpenpi);
  EXPECT_EQ(policy.processors->fast.skipped_positions, 1);
  EXPECT_EQ(policy.processors->action_norm, NormKind::kQuantile);
  EXPECT_THAT(policy.processors->cameras.inputs,
              testing::ElementsAre("base_0_rgb", "base_1_rgb", "wrist_0_rgb"));
}

TEST_F(FastPolicyFolder, ConvertsItsTypeAndNotItsLayout) {
  EXPECT_THAT(message_of([&] {
                convert_folder(open(), FolderKind::kOpenpi, io::Dtype::kF32, folder_ / "other");
              }),
              HasSubstr("openpi has no PyTorch layout"));
  convert_folder(open(), FolderKind::kLeRobot, io::Dtype::kBF16, folder_ / "half");
  EXPECT_EQ(Checkpoint::open(folder_ / "half").config, config_);
}

// openpi's π0-FAST looks at a camera that is not there: it is black.
TEST_F(FastPolicyFolder, MissingCameras) {
  const Embodiment robot{.name = "r",
                         .state = {{.name = "x", .unit = "m", .min = -1, .max = 1}},
                         .action = {{.name = "x", .unit = "m", .min = -1, .max = 1}},
                         .cameras = {{"base_0_rgb", 28, 28, "fixed"}}};
  Frame seen;
  seen.pictures.emplace_back(Picture{.image = Image::black(28, 28)});
  seen.state = {0.502F};
  const fs::path vocabulary = kMisc / "tiny_gemma_like.model";
  FastTokenizer::fit(std::vector<std::vector<double>>(2, {0.1, 0.2, 0.3}), 3, 1)
      .write(folder_ / "base/fast_tokenizer");
  const auto input = [&] {
    Checkpoint policy = open({.tokenizer = vocabulary});
    Stats stats;
    stats.mean = {0};
    stats.q01 = {-1};
    stats.std = stats.q99 = {1};
    policy.processors->state = policy.processors->action = stats;
    policy.adopt(robot);
    return std::pair(make_adapter(policy, policy.trained_on(robot))->input(seen, "Go_Left"),
                     policy.tokenizer);
  };
  const auto [lerobot, words] = input();
  EXPECT_THAT(lerobot.image_mask, testing::ElementsAre(1, 0, 0));
  EXPECT_EQ(words->decode({lerobot.tokens.begin() + 1, lerobot.tokens.end()}),
            "Task: Go Left, State: 192;\n");
  nlohmann::json json = read();
  for (const char* key : {"type", "chunk_size"}) json.erase(key);
  json["action_horizon"] = 7;
  put(json);
  const auto [openpi, same_words] = input();
  EXPECT_THAT(openpi.image_mask, testing::ElementsAre(1, 1, 1));
  EXPECT_EQ(same_words->decode({openpi.tokens.begin() + 1, openpi.tokens.end()}),
            "Task: go left, State: 192;\n");
  EXPECT_EQ(lerobot.prompt, "Task: Go Left, State: 192;\n");
  EXPECT_EQ(openpi.prompt, "Task: go left, State: 192;\n");
}

}  // namespace
}  // namespace gyre
