#include "gyre/policy/action_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/policy/folder_testing.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Embodiment arm(const std::vector<std::string>& names) {
  Embodiment robot{.name = "arm/recorded"};
  for (const std::string& name : names) {
    robot.state.push_back({.name = name, .unit = "recorded", .min = -4, .max = 4});
  }
  robot.action = robot.state;
  return robot;
}

Processors relative(std::vector<std::string> names) {
  Processors processors;
  processors.relative_actions = true;
  processors.absolute_joints = {"gripper"};
  processors.action_names = std::move(names);
  return processors;
}

std::vector<int> relative_to(const Processors& processors, const Embodiment& robot) {
  require_same_places(processors, robot, "policy p");
  return relative_to_state(processors, robot, "policy p");
}

TEST(ActionNames, ComeAsListsInMapsAndWithPlaces) {
  EXPECT_THAT(names_in_order(json::parse(R"(["a", "b"])")), ElementsAre("a", "b"));
  EXPECT_THAT(names_in_order(json::parse(R"([["a"], ["b"]])")), ElementsAre("a", "b"));
  EXPECT_THAT(names_in_order(json::parse(R"({"motors": ["b", "a"]})")), ElementsAre("b", "a"));
  EXPECT_THAT(names_in_order(json::parse(R"({"a": 2, "b": 0, "c": 1})")),
              ElementsAre("b", "c", "a"));
  EXPECT_THAT(names_in_order(nullptr), IsEmpty());
  EXPECT_THROW(names_in_order(json(3)), json::exception);
}

TEST(ActionNames, ThePolicysOwnSayWhichFieldsAreAbsolute) {
  EXPECT_THAT(relative_to(relative({}), arm({"elbow", "Gripper"})), ElementsAre(0, -1));
  EXPECT_THAT(relative_to(relative({"elbow", "left_gripper.pos"}), arm({"0", "1"})),
              ElementsAre(0, -1));
  EXPECT_THAT(relative_to(relative({"elbow", "gripper"}), arm({"joint", "hand"})),
              ElementsAre(0, -1));
  Processors none = relative({});
  none.relative_actions = false;
  EXPECT_THAT(relative_to(none, arm({"0", "1"})), IsEmpty());
  none = relative({});
  none.absolute_joints.clear();
  EXPECT_THAT(relative_to(none, arm({"0", "1"})), ElementsAre(0, 1));
}

TEST(ActionNames, WithNeitherSidesNamesItIsRefused) {
  EXPECT_THAT(message_of([] {
                relative_to(relative({}), arm({"0", "1"}));
              }),
              AllOf(HasSubstr("policy p"), HasSubstr("gripper"), HasSubstr("arm/recorded"),
                    HasSubstr("--action-names")));
}

TEST(ActionNames, OtherPlacesAreRefused) {
  EXPECT_THAT(message_of([] {
                relative_to(relative({"a", "b"}), arm({"b", "a"}));
              }),
              AllOf(HasSubstr("'a' as action 0"), HasSubstr("as action 1")));
  EXPECT_THAT(message_of([] {
                relative_to(relative({"a", "b", "c"}), arm({"a", "b"}));
              }),
              HasSubstr("names 3 action fields"));
}

class RelativeFolder : public folder_testing::OtherFolder {
 protected:
  nlohmann::json config_ = nlohmann::json::parse(io::read_text(kGolden / "pi0/config.json"));
  std::vector<std::string> names_;

  void SetUp() override {
    OtherFolder::SetUp();
    for (int i = 0; i < 14; ++i) {
      names_.push_back((i % 7 == 6 ? "gripper_" : "joint_") + std::to_string(i));
    }
    config_["use_relative_actions"] = true;
    config_["action_feature_names"] = names_;
    put("config.json", config_);
    fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "model.safetensors");
  }
  Checkpoint adopted(const Embodiment& robot, const FolderOptions& given = {}) const {
    Checkpoint policy = open(given);
    Stats stats;
    stats.mean.assign(14, 0);
    stats.std.assign(14, 1);
    policy.processors->state = policy.processors->action = stats;
    policy.adopt(robot);
    return policy;
  }
  Embodiment robot(const std::vector<std::string>& names) const {
    Embodiment robot = arm(names);
    robot.cameras = {{"base_0_rgb", 8, 8, "recorded"}};
    return robot;
  }
  std::vector<std::string> numbers() const {
    std::vector<std::string> numbers;
    for (int i = 0; i < 14; ++i) numbers.push_back(std::to_string(i));
    return numbers;
  }
};

TEST_F(RelativeFolder, GrippersStayAbsoluteAndTheWrittenFolderSaysSo) {
  const std::vector<int> wanted = {0, 1, 2, 3, 4, 5, -1, 7, 8, 9, 10, 11, 12, -1};
  EXPECT_EQ(adopted(robot(names_)).embodiments.at("arm/recorded").relative_to, wanted);
  const Checkpoint policy = adopted(robot(numbers()));
  EXPECT_EQ(policy.embodiments.at("arm/recorded").relative_to, wanted);
  policy.write(folder_ / "written");
  fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "written/model.safetensors");
  Checkpoint again = Checkpoint::open(folder_ / "written");
  again.adopt(robot(numbers()));
  EXPECT_EQ(again.embodiments.at("arm/recorded").relative_to, wanted);
  EXPECT_EQ(again.processors->absolute_joints, std::vector<std::string>{"gripper"});
}

TEST_F(RelativeFolder, WhatAPresetHoldsAbsoluteIsWrittenByName) {
  config_.erase("action_feature_names");
  put("config.json", config_);
  Checkpoint policy = open();
  policy.processors->relative_mask.assign(14, true);
  policy.processors->relative_mask[3] = false;
  Stats stats;
  stats.mean.assign(14, 0);
  stats.std.assign(14, 1);
  policy.processors->state = policy.processors->action = stats;
  policy.adopt(robot(names_));
  policy.write(folder_ / "written");
  fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "written/model.safetensors");
  Checkpoint again = Checkpoint::open(folder_ / "written");
  again.adopt(robot(names_));
  EXPECT_EQ(again.embodiments.at("arm/recorded").relative_to,
            policy.embodiments.at("arm/recorded").relative_to);
}

TEST_F(RelativeFolder, WithoutNamesTheFlagGivesThem) {
  config_.erase("action_feature_names");
  put("config.json", config_);
  EXPECT_THAT(message_of([&] { adopted(robot(numbers())); }), HasSubstr("--action-names"));
  EXPECT_EQ(adopted(robot(numbers()), {.action_names = names_})
                .embodiments.at("arm/recorded")
                .relative_to[6],
            -1);
}

TEST_F(RelativeFolder, TheProcessorsStepGoesBeforeConfigJson) {
  put("policy_preprocessor.json",
      {{"steps",
        {{{"registry_name", "relative_actions_processor"},
          {"config",
           {{"enabled", true}, {"exclude_joints", {"joint_0"}}, {"action_names", nullptr}}}}}}});
  const auto trained = adopted(robot(names_)).embodiments.at("arm/recorded");
  EXPECT_EQ(trained.relative_to[0], -1);
  EXPECT_EQ(trained.relative_to[6], 6);
}

}  // namespace
}  // namespace gyre
