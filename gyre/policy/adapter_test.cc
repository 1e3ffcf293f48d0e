#include "gyre/policy/adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/policy/pi_prompt.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

using testing::HasSubstr;

Embodiment two_joints() {
  Embodiment robot;
  robot.name = "bench/joint";
  robot.action_period_s = 0.1;
  for (const char* name : {"elbow", "gripper"}) {
    robot.state.push_back({.name = name, .unit = "rad", .min = -4, .max = 4});
    robot.action.push_back({.name = name, .unit = "rad", .min = -4, .max = 4});
  }
  robot.cameras = {{.name = "left_wrist_0_rgb", .width = 40, .height = 20}};
  return robot;
}

Stats halves() {
  Stats stats;
  stats.mean = {1, 0};
  stats.std = {2, 4};
  stats.q01 = {-1, -2};
  stats.q99 = {3, 2};
  return stats;
}

// A π0 or π0.5 of LeRobot at golden size, with a normaliser for two joints.
Checkpoint policy_of_lerobot(const std::string& type) {
  FolderOptions given;
  given.tokenizer = kRoot / "assets/vocabulary/nano.model";
  Checkpoint policy = Checkpoint::open(kGolden / type, given);
  policy.processors->state = policy.processors->action = halves();
  return policy;
}

const std::string kTask = "open the drawer";

Frame seen() {
  Picture picture{.image = Image::black(40, 20)};
  std::fill(picture.image.rgb.begin(), picture.image.rgb.end(), 255);
  Frame frame;
  frame.pictures.emplace_back(std::move(picture));
  frame.state = {2, 1};
  return frame;
}

TEST(AdapterTest, RefusesAPictureWithoutPixels) {
  Checkpoint policy = policy_of_lerobot("pi05");
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  const auto refusal = [&](const Image& image) {
    Frame frame = seen();
    frame.pictures = {PictureRef(Picture{.image = image})};
    return message_of([&] { adapter->input(frame, kTask); });
  };
  const std::string camera = "camera left_wrist_0_rgb: a picture of ";
  EXPECT_TRUE(refusal({}).starts_with(camera + "0 x 0")) << refusal({});
  EXPECT_TRUE(refusal({.width = 40, .height = 20, .rgb = {1, 2}}).starts_with(camera + "40 x 20"));
}

TEST(AdapterTest, GivesAPi05WhatItTakes) {
  Checkpoint policy = policy_of_lerobot("pi05");
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  const PolicyInput input = adapter->input(seen(), kTask);
  const auto side = static_cast<size_t>(policy.config.vision.image_size), plane = side * side;
  ASSERT_EQ(input.images.size(), 3 * 3 * plane);
  EXPECT_EQ(input.image_mask, (std::vector<uint8_t>{0, 1, 0}));
  // The picture is twice as wide as high: bands above and below stay black.
  EXPECT_EQ(input.images[3 * plane], -1);
  EXPECT_EQ(input.images[3 * plane + plane / 2 + side / 2], 1);
  EXPECT_EQ(input.images[plane / 2], -1) << "a camera that is not there";
  // Quantiles: 2 (2 + 1) / 4 - 1 and 2 (1 + 2) / 4 - 1.
  EXPECT_FLOAT_EQ(input.state[0], 0.5F);
  EXPECT_FLOAT_EQ(input.state[1], 0.5F);
  const PromptTokens words =
      pi05_tokens(policy.vocabulary(), "open the drawer", std::vector<float>{0.5F, 0.5F},
                  policy.config.max_prompt_tokens);
  EXPECT_EQ(input.tokens, std::vector<int>(words.ids.begin(), words.ids.begin() + words.valid));
  EXPECT_EQ(input.prompt, "Task: open the drawer, State: 192 192;\nAction: ");
}

TEST(AdapterTest, GivesAPi0ItsStateAndWords) {
  Checkpoint policy = policy_of_lerobot("pi0");
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  const PolicyInput input = adapter->input(seen(), kTask);
  EXPECT_NEAR(input.state[0], 0.5, 1e-6) << "(2 - 1) / 2";
  EXPECT_NEAR(input.state[1], 0.25, 1e-6);
  EXPECT_EQ(input.state.size(), static_cast<size_t>(policy.config.max_state_dim));
  EXPECT_EQ(input.state[2], 0);
  EXPECT_EQ(policy.vocabulary().decode({input.tokens.begin() + 1, input.tokens.end()}),
            "open the drawer\n");
  EXPECT_EQ(input.prompt, "open the drawer\n");
}

TEST(AdapterTest, APromptThatIsTooLongIsCutAndToldOnce) {
  for (const char* type : {"pi0", "pi05"}) {
    Checkpoint policy = policy_of_lerobot(type);
    policy.adopt(two_joints());
    const std::string words = "open the drawer" + std::string(300, 'x');
    const auto tokens = [&] {
      return make_adapter(policy, policy.trained_on(two_joints()))->input(seen(), words).tokens;
    };
    const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
    testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) adapter->input(seen(), words);
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_THAT(told, testing::AllOf(HasSubstr("cut off"), HasSubstr("--strict")));
    EXPECT_EQ(std::ranges::count(told, '\n'), 1) << told;
    EXPECT_EQ(std::ssize(tokens()), policy.config.max_prompt_tokens);
    policy.processors->strict = true;
    EXPECT_THAT(message_of([&] { tokens(); }), HasSubstr("say it in fewer words"));
  }
}

TEST(AdapterTest, ActionsComeBackInRobotUnits) {
  Checkpoint policy = policy_of_lerobot("pi05");
  policy.processors->relative_actions = true;
  policy.processors->absolute_joints = {"gripper"};
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  const auto width = static_cast<size_t>(policy.config.max_action_dim);
  std::vector<float> chunk(2 * width, 9);  // what is behind the robot's own fields is not read
  chunk[0] = chunk[1] = 0;
  chunk[width] = 1;
  chunk[width + 1] = -1;
  // (y + 1) / 2 * 4 + q01, and the elbow relative to where it is.
  EXPECT_EQ(adapter->actions(seen().state, chunk), (std::vector<float>{1 + 2, 0, 3 + 2, -2}));
}

// The policy's joint 0 turns the other way than the robot's: -2 where that one says 2.
TEST(AdapterTest, JointsOfARobotPreset) {
  Checkpoint policy = policy_of_lerobot("pi05");
  policy.processors->relative_actions = true;
  policy.processors->relative_mask = {true, false};
  policy.processors->joints.mirrored = {0};
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  EXPECT_FLOAT_EQ(adapter->input(seen(), kTask).state[0], -1.5F);  // 2 (-2 + 1) / 4 - 1
  const auto width = static_cast<size_t>(policy.config.max_action_dim);
  std::vector<float> chunk(width);
  EXPECT_EQ(adapter->actions(seen().state, chunk), (std::vector<float>{-(1 - 2), 0}));
  policy.processors->relative_mask = {true, false, false};
  EXPECT_THROW(policy.adopt(two_joints()), Error);
}

TEST(AdapterTest, NamesWhatDoesNotFit) {
  const auto refusal = [](const Embodiment& robot, auto&& change) {
    Checkpoint policy = policy_of_lerobot("pi05");
    change(policy);
    return message_of([&] {
      policy.adopt(robot);
      make_adapter(policy, policy.trained_on(robot));
    });
  };
  const auto nothing = [](Checkpoint&) {};
  Embodiment robot = two_joints();
  EXPECT_EQ(refusal(robot, nothing), "");
  robot.cameras[0].name = "top";
  EXPECT_THAT(refusal(robot, nothing), HasSubstr("--camera-names"));
  robot = two_joints();
  robot.state.push_back(robot.state[0]);
  robot.state.back().name = "third";
  EXPECT_THAT(refusal(robot, nothing), HasSubstr("has 2 entries where 3 are wanted"));
  EXPECT_THAT(refusal(two_joints(), [](Checkpoint& policy) { policy.processors->action.reset(); }),
              HasSubstr("--stats FILE"));
  Checkpoint policy = policy_of_lerobot("pi05");
  policy.adopt(two_joints());
  const auto adapter = make_adapter(policy, policy.trained_on(two_joints()));
  Frame broken = seen();
  broken.state[1] = NAN;
  EXPECT_THAT(message_of([&] { adapter->input(broken, kTask); }), HasSubstr("state gripper"));
  broken = seen();
  broken.pictures.clear();
  EXPECT_THAT(message_of([&] { adapter->input(broken, kTask); }), HasSubstr("0 pictures"));
  broken.pictures = {PictureRef()};
  EXPECT_THAT(message_of([&] { adapter->input(broken, kTask); }),
              HasSubstr("camera left_wrist_0_rgb: has shown no picture yet"));
}

}  // namespace
}  // namespace gyre
