#include "gyre/policy/robot_preset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string preset(const char* name) {
  return (kRoot / "assets/presets" / (std::string(name) + ".toml")).string();
}

TEST(RobotPreset, AllOfThemAreRead) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(preset("aloha")).parent_path())) {
    const RobotPreset robot = RobotPreset::read(entry.path().string());
    EXPECT_EQ(robot.name, entry.path().stem().string());
    EXPECT_FALSE(robot.cameras.base_0_rgb.empty());
    ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST(RobotPreset, WhatIsKnownOfEachKindOfPolicy) {
  const RobotPreset droid = RobotPreset::read(preset("droid"));
  EXPECT_EQ(droid.horizon("pi0"), 10);
  EXPECT_EQ(droid.horizon("pi05"), 15);
  EXPECT_EQ(droid.discrete_state("pi0"), std::nullopt);
  EXPECT_EQ(droid.discrete_state("pi05"), true);
  EXPECT_EQ(droid.camera("observation.images.left_wrist_0_rgb"), "wrist_image_left");
  EXPECT_EQ(droid.camera("right_wrist_0_rgb"), "");
  EXPECT_EQ(droid.camera("front"), std::nullopt);
  const RobotPreset libero = RobotPreset::read(preset("libero"));
  EXPECT_EQ(libero.discrete_state("pi05"), false);
  EXPECT_THAT(libero.of("pi0").delta, ElementsAre(6, -1));
  EXPECT_TRUE(libero.of("pi05").delta.empty());
}

class PresetFile : public testing::Test {
 protected:
  std::string refusal(const std::string& text) const {
    std::ofstream(file_) << text;
    return message_of([&] { RobotPreset::read(file_.string()); });
  }
  fs::path file_ = fs::path(testing::TempDir()) / "robot_preset.toml";
};

TEST_F(PresetFile, Refusals) {
  const std::string head = "name = \"r\"\nstate = 4\naction = 3\n";
  EXPECT_EQ(refusal(head), "");
  EXPECT_THAT(refusal("name = \"r\"\n"), HasSubstr("how many fields"));
  EXPECT_THAT(refusal(head + "mirored = [1]\n"), HasSubstr("did you mean 'mirrored'?"));
  EXPECT_THAT(refusal(head + "mirrored = [3]\n"), HasSubstr("mirrored names field 3 of 3"));
  EXPECT_THAT(refusal(head + "mirrored = [\"1\"]\n"), HasSubstr("a list of whole numbers"));
  EXPECT_THAT(refusal(head + "[pi0]\ndelta = [3, -1]\n"), HasSubstr("speaks of 4 fields"));
  EXPECT_THAT(refusal(head + "[pi05]\ndiscrete_state = \"no\"\n"), HasSubstr("'no'"));
  EXPECT_THAT(message_of([] { RobotPreset::read("alhoa"); }), HasSubstr("neither a file nor"));
}

// By hand. Closed, the gripper's pads are 18.44 mm apart: the crank's sine is
// (0.022^2 + 0.01844^2 - 0.036^2) / (2 0.022 0.01844) = -0.58170, its angle -0.62080, and
// (-0.62080 - 0.5476) / (1.6296 - 0.5476) = -1.07985. Open, 58 mm: the sine is 1 and the
// angle pi / 2: (1.57080 - 0.5476) / 1.082 = 0.94565.
TEST(JointMap, AlohaStates) {
  const JointMap aloha = RobotPreset::read(preset("aloha")).joints;
  std::vector<float> state(14, 0.5F);
  state[6] = 0;
  state[13] = 1;
  aloha.state_to_policy(state);
  for (const int i : {1, 2, 8, 9}) EXPECT_FLOAT_EQ(state[i], -0.5F);
  for (const int i : {0, 3, 4, 5, 7, 10, 11, 12}) EXPECT_FLOAT_EQ(state[i], 0.5F);
  EXPECT_NEAR(state[6], -1.07985, 2e-5);
  EXPECT_NEAR(state[13], 0.94565, 2e-5);
}

// (0 + 0.5476 + 0.6213) / (1.4910 + 0.6213) = 0.55338.
TEST(JointMap, AlohaActionsThereAndBack) {
  const JointMap aloha = RobotPreset::read(preset("aloha")).joints;
  std::vector<float> actions(28, 0);
  actions[1] = 0.25F;
  actions[15] = -0.75F;
  const std::vector<float> policy = actions;
  aloha.actions_to_robot(actions, 14);
  EXPECT_FLOAT_EQ(actions[1], -0.25F);
  EXPECT_FLOAT_EQ(actions[15], 0.75F);
  EXPECT_NEAR(actions[6], 0.55338, 1e-5);
  EXPECT_NEAR(actions[27], 0.55338, 1e-5);
  aloha.actions_to_policy(actions, 14);
  for (size_t i = 0; i < actions.size(); ++i) EXPECT_NEAR(actions[i], policy[i], 1e-6) << i;
}

}  // namespace
}  // namespace gyre
