// Weights under the names of an older LeRobot or of PyTorch's wrappers, and a normaliser in them.
#include "gyre/policy/old_lerobot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/policy/folder_testing.h"
#include "gyre/policy/image_transform.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

using folder_testing::Tensors;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string replaced(std::string name, const std::string& from, const std::string& to) {
  const size_t at = name.find(from);
  if (at != std::string::npos) name.replace(at, from.size(), to);
  return name;
}

class StoredOtherwise : public folder_testing::OtherFolder {
 protected:
  Tensors tensors_ = folder_testing::read(kGolden / "pi0/model.safetensors");
  nlohmann::json config_ = nlohmann::json::parse(io::read_text(kGolden / "pi0/config.json"));
  ModelConfig expected_ = Checkpoint::open(kGolden / "pi0").config;

  void SetUp() override {
    OtherFolder::SetUp();
    put("config.json", config_);
  }
  void put_renamed(const std::function<std::string(std::string)>& name) const {
    put_weights(folder_testing::renamed(tensors_, name));
  }
  void expect_whole() const {
    const Checkpoint policy = open();
    EXPECT_EQ(policy.config, expected_);
    EXPECT_THAT(policy.warnings, IsEmpty());
    EXPECT_NE(policy.tensors->find(kExpertTextHead), nullptr);
  }
};

TEST_F(StoredOtherwise, WrappersGoFromNames) {
  tensors_["model." + kExpertTextHead] = folder_testing::vector_of({1});
  put_renamed([](const std::string& name) { return "_orig_mod." + name; });
  expect_whole();
  put_renamed([](const std::string& name) { return replaced(name, "model.", "model._orig_mod."); });
  expect_whole();
  put_renamed([](const std::string& name) { return replaced(name, "model.", "module."); });
  expect_whole();
  put_renamed([](const std::string& name) { return "module._orig_mod." + name; });
  expect_whole();
  put_renamed([](const std::string& name) {
    return replaced(replaced(name, "paligemma.", "paligemma._orig_mod."), "layers.0.",
                    "layers.0._checkpoint_wrapped_module.");
  });
  expect_whole();
  Tensors both = tensors_;
  both["_orig_mod.model.action_out_proj.bias"] = both["model.action_out_proj.bias"];
  put_weights(both);
  EXPECT_THAT(refusal(), HasSubstr("two names of one tensor"));
}

std::string old_name(const std::string& name) {
  const std::string p = "paligemma_with_expert.paligemma.";
  std::string old = replaced(name, p + "model.language_model.", p + "language_model.model.");
  if (old == name) old = replaced(name, p + "model.", p);
  return replaced(old, p + "lm_head", p + "language_model.lm_head");
}

class OldPolicy : public StoredOtherwise {
 protected:
  void SetUp() override {
    StoredOtherwise::SetUp();
    config_["resize_imgs_with_padding"] = {56, 56};
    config_["adapt_to_pi_aloha"] = false;
    config_.erase("num_inference_steps");
    config_["num_steps"] = 7;
    expected_.flow_steps = 7;
    put("config.json", config_);
  }
  void put_normaliser(float action_mean) {
    const auto vector = [](float value) {
      return folder_testing::vector_of(std::vector<float>(14, value));
    };
    for (const char* group :
         {"normalize_inputs.buffer_observation_state", "normalize_targets.buffer_action",
          "unnormalize_outputs.buffer_action"}) {
      tensors_[std::string(group) + ".mean"] = vector(action_mean);
      tensors_[std::string(group) + ".std"] = vector(2);
    }
  }
};

TEST_F(OldPolicy, ItsNamesAndKeysAreKnown) {
  tensors_["model." + kExpertTextHead] = folder_testing::vector_of({1});
  put_renamed(old_name);
  expect_whole();
  put_renamed([](const std::string& name) { return "_orig_mod." + old_name(name); });
  expect_whole();
}

TEST_F(OldPolicy, TheNormaliserInItsWeightsIsTheNormaliser) {
  put_normaliser(0.5F);
  put_renamed(old_name);
  Checkpoint policy = open();
  EXPECT_THAT(policy.warnings, IsEmpty());
  ASSERT_TRUE(policy.processors->state && policy.processors->action);
  EXPECT_THAT(policy.processors->action->mean, Each(0.5));
  EXPECT_THAT(policy.processors->state->std, Each(2.0));
  // Processor files are later, and go before it.
  Tensors stats;
  for (const char* part : {"action.mean", "action.std"}) {
    stats[part] = folder_testing::vector_of(std::vector<float>(14, 3));
  }
  folder_testing::write(folder_ / "stats.safetensors", stats);
  put("policy_postprocessor.json",
      {{"steps",
        {{{"registry_name", "unnormalizer_processor"}, {"state_file", "stats.safetensors"}}}}});
  EXPECT_THAT(open().processors->action->mean, Each(3.0));
  EXPECT_THAT(open().processors->state->mean, Each(0.5));
}

TEST_F(OldPolicy, OneThatWasNeverFilledIsNone) {
  put_normaliser(INFINITY);
  put_weights(tensors_);
  const Checkpoint policy = open();
  EXPECT_FALSE(policy.processors->state || policy.processors->action);
  EXPECT_THAT(policy.warnings, testing::Contains(HasSubstr("was never filled")));
}

TEST_F(OldPolicy, ItsBandsLieLeftOfAndAboveThePicture) {
  put_weights(tensors_);
  EXPECT_TRUE(open().processors->bands_first);
  const std::vector<float> white(2, 1.F);
  EXPECT_THAT(resize_with_pad(white, 1, 2, 1, 2, 2, Bands::kFirst), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(resize_with_pad(white, 1, 2, 1, 2, 2, Bands::kAround), ElementsAre(1, 1, 0, 0));
}

TEST_F(OldPolicy, ALOHAsJointsNeedItsPreset) {
  config_["adapt_to_pi_aloha"] = true;
  put("config.json", config_);
  put_weights(tensors_);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("adapt_to_pi_aloha"), HasSubstr("--policy-robot aloha")));
  const auto aloha = RobotPreset::read((kRoot / "assets/presets/aloha.toml").string());
  EXPECT_FALSE(open({.robot = aloha}).processors->joints.empty());
}

}  // namespace
}  // namespace gyre
