#include "gyre/policy/camera_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/policy/folder_testing.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

Embodiment recording(const std::vector<std::string>& cameras) {
  Embodiment robot{.name = "aloha/recorded"};
  for (const std::string& name : cameras) robot.cameras.push_back({name, 64, 48, "recorded"});
  return robot;
}

namespace fs = std::filesystem;

std::vector<std::string> keys(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names) result.push_back(camera_key(name));
  return result;
}

const std::vector<std::string> kPi0 = {"base_0_rgb", "left_wrist_0_rgb", "right_wrist_0_rgb"};

CameraMatch match(const CameraRules& rules, const std::vector<std::string>& recorded) {
  return match_cameras(rules, recording(recorded), "policy p");
}
std::string refusal(const CameraRules& rules, const std::vector<std::string>& recorded) {
  return message_of([&] { match(rules, recorded); });
}

TEST(CameraMatch, WholeNamesComeFirst) {
  const CameraRules rules{.inputs = keys({"rgb.left_wrist", "rgb.head"})};
  const CameraMatch found =
      match(rules, {"depth.left_wrist", "depth.head", "rgb.left_wrist", "rgb.head"});
  EXPECT_THAT(found.source, ElementsAre(2, 3));
  EXPECT_THAT(found.notes, IsEmpty());
  // Another camera with the same last word is another camera.
  EXPECT_THAT(refusal(rules, {"depth.left_wrist", "rgb.head"}),
              AllOf(HasSubstr("rgb.left_wrist"), HasSubstr("depth.left_wrist"),
                    HasSubstr("--camera-names")));
  EXPECT_THAT(match({.inputs = keys({"left.rgb", "right.rgb"})}, {"left.rgb", "right.rgb"}).source,
              ElementsAre(0, 1));
}

TEST(CameraMatch, AShorterNameIsGuessedWhereOneCameraAloneHasIt) {
  const CameraRules rules{.inputs = keys({"wrist", "head"})};
  const CameraMatch found = match(rules, {"rgb.head", "wrist"});
  EXPECT_THAT(found.source, ElementsAre(1, 0));
  EXPECT_THAT(found.notes, ElementsAre(AllOf(HasSubstr("head"), HasSubstr("rgb.head"))));
  EXPECT_THAT(refusal(rules, {"rgb.head", "depth.head", "wrist"}),
              AllOf(HasSubstr("rgb.head or depth.head"), HasSubstr("--camera-names")));
  EXPECT_THAT(refusal({.inputs = keys({"rgb.head", "depth.head"})}, {"head"}),
              HasSubstr("several of its inputs may be head"));
}

TEST(CameraMatch, ARenamedCameraFeedsItsInput) {
  CameraRules rules{.inputs = keys(kPi0),
                    .renamed = {{camera_key("overhead"), camera_key("base_0_rgb")}}};
  const CameraMatch found = match(rules, {"overhead", "left_wrist_0_rgb"});
  EXPECT_THAT(found.source, ElementsAre(0, 1, -1));
  EXPECT_THAT(found.notes, ElementsAre(HasSubstr("right_wrist_0_rgb of it gets no picture")));
  EXPECT_THAT(refusal(rules, {"overhead", "base_0_rgb"}),
              HasSubstr("may be overhead or base_0_rgb"));
  // Two that change places.
  rules = {.inputs = keys({"a", "b"}), .renamed = {{"a", "b"}, {"b", "a"}}};
  EXPECT_THAT(match(rules, {"a", "b"}).source, ElementsAre(1, 0));
}

TEST(CameraMatch, NoPictureOnlyWhereNoCameraIsLeft) {
  EXPECT_THAT(refusal({.inputs = keys(kPi0)}, {"overhead", "left_wrist_0_rgb"}),
              AllOf(HasSubstr("base_0_rgb"), HasSubstr("left over: overhead"),
                    HasSubstr("--camera-names")));
  const CameraMatch allowed =
      match({.inputs = keys({"front", "empty_camera_0"})}, {"front", "side"});
  EXPECT_THAT(allowed.source, ElementsAre(0, -1));
  EXPECT_THAT(allowed.notes, ElementsAre(HasSubstr("empty_camera_0 gets no picture")));
  EXPECT_THAT(match({.inputs = kPi0, .renamed = {{"image", "base_0_rgb"}}, .empty = {kPi0[2]}},
                    {"image", "left_wrist_0_rgb", "more"})
                  .source,
              ElementsAre(0, 1, -1));
  EXPECT_THAT(refusal({.inputs = keys(kPi0)}, {}), HasSubstr("has no camera"));
  EXPECT_THAT(refusal({}, {"a", "b"}),
              AllOf(HasSubstr("names none of its picture inputs"), HasSubstr("has a, b")));
}

CameraRules chosen(const std::vector<std::string>& flag, std::vector<std::string> inputs) {
  CameraRules rules{.inputs = std::move(inputs)};
  choose_cameras(flag, rules);
  return rules;
}

TEST(CameraMatch, TheFlagIsAListOrPairs) {
  const std::vector<std::string> recorded = {"top", "left", "more.right"};
  EXPECT_THAT(match(chosen({"left", "none", "top"}, keys(kPi0)), recorded).source,
              ElementsAre(1, -1, 0));
  EXPECT_THAT(match(chosen({"left", "none", "top"}, keys(kPi0)), recorded).notes, IsEmpty());
  EXPECT_THAT(match(chosen({"top=base_0_rgb", "none=left_wrist_0_rgb", "right=right_wrist_0_rgb"},
                           keys(kPi0)),
                    recorded)
                  .source,
              ElementsAre(0, -1, 2));
  // A pair leaves the other inputs to their names.
  EXPECT_THAT(match(chosen({"top=base_0_rgb"}, keys({"base_0_rgb", "left"})), recorded).source,
              ElementsAre(0, 1));
  const auto refused = [&](const std::vector<std::string>& flag) {
    return message_of([&] { match(chosen(flag, keys(kPi0)), recorded); });
  };
  EXPECT_THAT(refused({"top", "left"}), HasSubstr("names 2 cameras, the policy sees"));
  EXPECT_THAT(refused({"top", "lift", "none"}),
              AllOf(HasSubstr("no camera 'lift'"), HasSubstr("it has top, left, more.right")));
  EXPECT_THAT(refused({"top=base", "left"}), HasSubstr("'left' stands among pairs"));
  EXPECT_THAT(refused({"top=front"}),
              AllOf(HasSubstr("no input 'front'"), HasSubstr("base_0_rgb")));
}

TEST(CameraMatch, APolicyWithoutNamesTakesThoseOfTheFlag) {
  EXPECT_EQ(chosen({"top", "none"}, {}).inputs, keys({"top", "empty_camera_1"}));
  EXPECT_THAT(match(chosen({"top", "none"}, {}), {"left", "top"}).source, ElementsAre(1, -1));
  EXPECT_THAT(match(chosen({"top=base", "left=wrist"}, {}), {"left", "top"}).source,
              ElementsAre(1, 0));
}

TEST(CameraMatch, WhatTheUserChoseBecomesLeRobotsRenameMap) {
  const CameraRules list = settled(chosen({"top", "none", "top"}, keys(kPi0)));
  EXPECT_EQ(list.inputs, keys({"base_0_rgb", "empty_camera_1", "empty_camera_2"}));
  EXPECT_THAT(list.renamed, ElementsAre(Pair(camera_key("top"), camera_key("base_0_rgb"))));
  CameraRules pairs{.inputs = keys(kPi0),
                    .renamed = {{"overhead", camera_key("base_0_rgb")},
                                {"hand", camera_key("left_wrist_0_rgb")}}};
  choose_cameras({"top=base_0_rgb"}, pairs);
  EXPECT_THAT(settled(pairs).renamed,
              UnorderedElementsAre(Pair(camera_key("top"), camera_key("base_0_rgb")),
                                   Pair("hand", camera_key("left_wrist_0_rgb"))));
  EXPECT_THAT(settled({.inputs = {"front"}}).inputs, ElementsAre(camera_key("front")));
}

// A folder of LeRobot whose preprocessor renames a camera, and one that names no input.
class CameraFolder : public folder_testing::OtherFolder {
 protected:
  nlohmann::json config_ = nlohmann::json::parse(io::read_text(kGolden / "pi0/config.json"));
  void SetUp() override {
    OtherFolder::SetUp();
    put("config.json", config_);
    fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "model.safetensors");
  }
  void put_rename_map(const nlohmann::json& map) const {
    put("policy_preprocessor.json", {{"steps",
                                      {{{"registry_name", "rename_observations_processor"},
                                        {"config", {{"rename_map", map}}}}}}});
  }
  static Embodiment robot() {
    Embodiment robot = recording({"overhead", "left_wrist_0_rgb"});
    for (int i = 0; i < 14; ++i) {
      robot.state.push_back({.name = "j" + std::to_string(i), .unit = "rad", .min = -4, .max = 4});
      robot.action = robot.state;
    }
    return robot;
  }
  // Normalised by mean 0 and std 1.
  static void normalise(Checkpoint& policy) {
    Stats stats;
    stats.mean.assign(14, 0);
    stats.std.assign(14, 1);
    policy.processors->state = policy.processors->action = stats;
  }
};

TEST_F(CameraFolder, ItsRenameMapIsAppliedAndKept) {
  put_rename_map({{camera_key("overhead"), camera_key("base_0_rgb")}});
  Checkpoint policy = open();
  normalise(policy);
  policy.adopt(robot());
  EXPECT_THAT(match_cameras(policy.processors->cameras, robot(), "p").source,
              ElementsAre(0, 1, -1));
  EXPECT_THAT(policy.warnings, ElementsAre(HasSubstr("right_wrist_0_rgb")));
  policy.write(folder_ / "written");
  fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "written/model.safetensors");
  const Checkpoint again = Checkpoint::open(folder_ / "written");
  EXPECT_EQ(again.processors->cameras, policy.processors->cameras);
  // The user's choice goes before it, and is kept as a rename map too.
  Checkpoint other =
      open({.camera_names = {"overhead=right_wrist_0_rgb", "left_wrist_0_rgb=base_0_rgb",
                             "none=left_wrist_0_rgb"}});
  normalise(other);
  other.adopt(robot());
  EXPECT_THAT(match_cameras(other.processors->cameras, robot(), "p").source, ElementsAre(1, -1, 0));
  other.write(folder_ / "other");
  fs::create_symlink(kGolden / "pi0/model.safetensors", folder_ / "other/model.safetensors");
  EXPECT_THAT(
      match_cameras(Checkpoint::open(folder_ / "other").processors->cameras, robot(), "p").source,
      ElementsAre(1, -1, 0));
}

TEST_F(CameraFolder, WithoutInputsTheFlagNamesThem) {
  config_["input_features"] = config_["output_features"] = nlohmann::json::object();
  config_["use_amp"] = nullptr;
  config_["empty_cameras"] = nullptr;
  config_["a_field_of_tomorrow"] = {{"a", {1, 2}}};
  put("config.json", config_);
  EXPECT_THAT(refusal(), HasSubstr("--camera-names A,B,..."));
  EXPECT_EQ(open({.camera_names = {"overhead", "none"}}).config.cameras, 2);
  EXPECT_EQ(open({.cameras = 2, .camera_names = {"overhead", "none"}}).config.cameras, 2);
  EXPECT_THAT(refusal({.cameras = 3, .camera_names = {"overhead", "none"}}),
              HasSubstr("another value than --cameras N"));
  Checkpoint policy = open({.cameras = 2});
  normalise(policy);
  EXPECT_THAT(message_of([&] { policy.adopt(robot()); }),
              AllOf(HasSubstr("names none of its picture inputs"), HasSubstr("overhead"),
                    HasSubstr("--camera-names")));
}

TEST_F(CameraFolder, EmptyCamerasStayEmpty) {
  nlohmann::json& inputs = config_["input_features"];
  inputs[camera_key("overhead")] = inputs[camera_key("base_0_rgb")];
  inputs.erase(camera_key("base_0_rgb"));
  inputs.erase(camera_key("right_wrist_0_rgb"));
  config_["empty_cameras"] = 1;
  put("config.json", config_);
  Checkpoint policy = open();
  EXPECT_EQ(policy.config.cameras, 3);
  normalise(policy);
  policy.adopt(robot());
  EXPECT_THAT(policy.warnings, ElementsAre(HasSubstr("empty_camera_0 gets no picture")));
}

}  // namespace
}  // namespace gyre
