#include "gyre/serve/wire_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/serve/testing.h"
#include "tests/source_dir.h"

namespace gyre::serve {
namespace {

using io::msgpack::Array;
using io::msgpack::Dtype;
using io::msgpack::Value;
using io::msgpack::Writer;

// An arm of two joints and a gripper, with two cameras.
Embodiment arm_and_gripper() {
  Embodiment e;
  e.name = "arm/joint";
  e.action_period_s = 0.05;
  e.state = {{.name = "lift", .unit = "rad", .min = -2, .max = 2},
             {.name = "turn", .unit = "rad", .min = -2, .max = 2},
             {.name = "grip", .unit = "1", .min = 0, .max = 1, .gripper = true}};
  e.action = e.state;
  e.cameras = {{"front", 8, 6, "fixed"}, {"wrist", 8, 6, "lift"}};
  return e;
}

const std::string kWholeMap = R"(
action_period_s = 0.05
horizon = 2
width = 4
answer = ["result", "actions"]
[image.base]
key = ["images", "base"]
camera = ["base", "front"]
layout = "chw"
[image.wrist]
key = ["images", "hand"]
camera = ["wrist"]
width = 4
height = 4
[state.joints]
key = ["joints"]
fields = ["turn", "lift"]
unit = "rad"
[state.grip]
key = ["grip"]
count = 1
gripper = true
scale = -2.0
offset = 1.0
[action.joints]
fields = ["turn", "lift"]
kind = "position"
unit = "rad"
[action.grip]
fields = ["grip"]
first = 3
kind = "position"
gripper = true
scale = -0.5
offset = 0.5
)";

// The first place of `old` in kWholeMap replaced.
std::string changed_map(const std::string& old, const std::string& by) {
  std::string text = kWholeMap;
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), by);
}

WireMap map_of(const std::string& text, const Embodiment& robot = arm_and_gripper()) {
  const auto file = std::filesystem::path(testing::TempDir()) / "wire_map.toml";
  std::ofstream(file) << text;
  return WireMap::read(file.string(), robot);
}

std::string map_refusal(const std::string& text, const Embodiment& robot = arm_and_gripper()) {
  return message_of([&] { map_of(text, robot); });
}

Frame some_frame() {
  Frame frame;
  frame.state = {0.25F, -0.5F, 1};
  for (int c = 0; c < 2; ++c) {
    Picture picture{.image = Image::black(8, 6)};
    for (size_t i = 0; i < picture.image.rgb.size(); ++i) {
      picture.image.rgb[i] = static_cast<uint8_t>(i + static_cast<size_t>(c));
    }
    frame.pictures.emplace_back(std::move(picture));
  }
  return frame;
}

std::string answer_with(std::span<const float> numbers, size_t horizon) {
  Writer writer;
  writer.map(1);
  writer.text("result");
  writer.map(1);
  writer.text("actions");
  const size_t shape[] = {horizon, numbers.size() / horizon};
  writer.array(Dtype::kFloat32, shape,
               {reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size_bytes()});
  return writer.take();
}

TEST(WireMap, ARequestHasTheServersKeysOrderAndUnits) {
  const WireMap map = map_of(changed_map("count = 1", "fields = [\"grip\"]"));
  const std::string message = map.write_request(some_frame(), "open it");
  const std::vector<uint8_t> bytes = bytes_of(message);
  const Value value = io::msgpack::decode(bytes);
  EXPECT_EQ(*value.find("prompt")->as<std::string_view>(), "open it");
  EXPECT_EQ(value.find("joints")->as<Array>()->numbers(), (std::vector<float>{-0.5F, 0.25F}));
  EXPECT_EQ(value.find("grip")->as<Array>()->numbers(), std::vector<float>{-1});
  const auto* base = value.find("images")->find("base")->as<Array>();
  EXPECT_EQ(base->shape, (std::vector<size_t>{3, 6, 8}));
  EXPECT_EQ(base->data[0], 0);
  EXPECT_EQ(base->data[1], 3);   // red of the second pixel
  EXPECT_EQ(base->data[48], 1);  // green of the first
  EXPECT_EQ(value.find("images")->find("hand")->as<Array>()->shape, (std::vector<size_t>{4, 4, 3}));
}

TEST(WireMap, AnAnswerBecomesTheRobotsActions) {
  const WireMap map = map_of(changed_map("count = 1", "fields = [\"grip\"]"));
  const std::vector<float> numbers = {1, 2, 99, -1, 3, 4, 99, 1};
  const ReadAnswer answer = map.read_answer(bytes_of(answer_with(numbers, 2)));
  EXPECT_EQ(answer.chunk.horizon, 2);
  EXPECT_EQ(answer.chunk.dim, 3);
  EXPECT_EQ(answer.chunk.actions, (std::vector<float>{2, 1, 1, 4, 3, 0}));
}

TEST(WireMap, AFalseAnswerIsRefused) {
  const WireMap map = map_of(changed_map("count = 1", "fields = [\"grip\"]"));
  const auto refusal = [&](std::vector<float> numbers, size_t horizon) {
    return message_of([&] { map.read_answer(bytes_of(answer_with(numbers, horizon))); });
  };
  EXPECT_EQ(refusal(std::vector<float>(8), 2), "");
  EXPECT_NE(refusal(std::vector<float>(12), 3).find("3 actions instead of 2"), std::string::npos);
  EXPECT_NE(refusal(std::vector<float>(6), 2).find("3 numbers instead of 4"), std::string::npos);
  EXPECT_NE(refusal({0, 0, 0, 0, NAN, 0, 0, 0}, 2).find("action 1"), std::string::npos);
  EXPECT_NE(refusal({INFINITY, 0, 0, 0, 0, 0, 0, 0}, 2), "");
  EXPECT_EQ(refusal({1e30F, 0, 0, 0, 0, 0, 0, 0}, 2), "");  // the safety filter's affair
  EXPECT_NE(message_of([&] { map.read_answer(bytes_of("\x80")); }).find("result.actions"),
            std::string::npos);
  EXPECT_NE(message_of([&] { map.read_answer(bytes_of("garbage")); }), "");
}

TEST(WireMap, ACameraThatHasShownNothingIsNamed) {
  Frame frame = some_frame();
  frame.pictures[1] = {};
  const WireMap map = map_of(changed_map("count = 1", "fields = [\"grip\"]"));
  EXPECT_NE(message_of([&] { map.write_request(frame, "go"); }).find("wrist"), std::string::npos);
}

TEST(WireMap, AnIncompleteMapIsRefusedByTable) {
  const auto expect = [](const std::string& refusal, const std::vector<std::string>& words) {
    for (const std::string& word : words)
      EXPECT_NE(refusal.find(word), std::string::npos) << refusal;
    EXPECT_EQ(refusal.find('\n'), std::string::npos);
  };
  // `count = 1` takes the contract's first field, which is no gripper.
  expect(map_refusal(kWholeMap), {"state.grip.gripper", "lift"});
  const std::string whole = changed_map("count = 1", "fields = [\"grip\"]");
  const auto with = [&](const std::string& old, const std::string& by) {
    std::string text = whole;
    const size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return map_refusal(text.replace(at, old.size(), by));
  };
  EXPECT_EQ(map_refusal(whole), "");
  expect(with("0.05", "0.02"), {"action_period_s", "0.02", "0.05"});
  expect(with("horizon = 2", ""), {"horizon"});
  expect(with("camera = [\"wrist\"]", "camera = [\"side\"]"), {"image.wrist.camera", "side"});
  expect(with("camera = [\"wrist\"]", "camera = [\"side\"]\noptional = true"),
         {"image", "wrist", "unused"});
  expect(with("layout = \"chw\"", "layout = \"nchw\""), {"image.base.layout"});
  expect(with("height = 4", ""), {"image.wrist", "4 x 0"});
  expect(with("[\"turn\", \"lift\"]\nunit", "[\"turn\"]\nunit"), {"state", "lift"});
  expect(with("[\"turn\", \"lift\"]\nunit", "[\"tunr\"]\nunit"), {"state.joints.fields", "tunr"});
  expect(with("unit = \"rad\"", "unit = \"deg\""), {"state.joints.unit", "deg", "rad"});
  expect(with("kind = \"position\"", "kind = \"velocity\""), {"action.joints.kind", "velocity"});
  expect(with("kind = \"position\"", ""), {"action.joints.kind", "missing"});
  expect(with("first = 3", "first = 1"), {"action.grip.first", "column 1"});
  expect(with("[action.grip]",
              "[action.other]\nfields = [\"lift\"]\nkind = \"position\"\n"
              "[action.grip]"),
         {"lift", "two columns"});
  expect(with("width = 4", "width = 3"), {"width", "4 columns"});
  expect(with("scale = -0.5", "scale = 0.0"), {"action.grip", "scale"});
  expect(with("[\"images\", \"hand\"]", "[\"images\", \"base\"]"), {"image.wrist.key"});
  expect(with("[\"images\", \"hand\"]", "[\"prompt\", \"hand\"]"), {"image.wrist.key"});
  expect(with("[\"images\", \"hand\"]", "[]"), {"image.wrist.key"});
  expect(with("key = [\"joints\"]", "kye = [\"joints\"]"), {"kye", "state.joints.key"});
  expect(message_of([] { WireMap::read("no_such_map", arm_and_gripper()); }), {"no_such_map"});
}

TEST(WireMap, WhatTheServerDoesNotGetMustBeNamed) {
  std::string text = changed_map("count = 1", "fields = [\"grip\"]");
  text = "unused = [\"wrist\", \"lift\"]\n" + text;
  const size_t image = text.find("[image.wrist]");
  text.erase(image, text.find("[state.joints]") - image);
  text.replace(text.find("\"turn\", \"lift\""), 14, "\"turn\"");
  EXPECT_EQ(map_refusal(text), "");
  text.replace(text.find("\"wrist\", \"lift\""), 15, "\"wrist\", \"lfit\"");
  EXPECT_NE(map_refusal(text).find("lfit"), std::string::npos);
}

// Robots as the shipped maps expect them.
Embodiment robot_like(double period_s, const std::vector<Field>& state,
                      const std::vector<Field>& action, const std::vector<std::string>& cameras) {
  Embodiment e{.name = "some/robot", .action_period_s = period_s};
  const auto add = [](std::vector<Field>& fields, const Field& like) {
    fields.push_back(like);
    fields.back().name = "f" + std::to_string(fields.size());
  };
  for (const Field& field : state) add(e.state, field);
  for (const Field& field : action) add(e.action, field);
  for (const std::string& camera : cameras) e.cameras.push_back({camera, 64, 64, "fixed"});
  return e;
}

std::vector<Field> fields_like(int count, const Field& like) {
  return std::vector<Field>(static_cast<size_t>(count), like);
}

std::vector<Field> joined(const std::vector<std::vector<Field>>& parts) {
  std::vector<Field> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::string shipped(const char* name) {
  return source_dir() / "assets/remotes" / (std::string(name) + ".toml");
}

TEST(WireMap, TheShippedMapsFitTheirRobots) {
  const Field joint{.unit = "rad"}, gripper{.unit = "1", .gripper = true};
  const auto arm = joined({fields_like(6, joint), {gripper}});
  const Embodiment aloha = robot_like(0.02, joined({arm, arm}), joined({arm, arm}),
                                      {"cam_high", "cam_left_wrist", "cam_right_wrist"});
  EXPECT_EQ(WireMap::read(shipped("aloha"), aloha).horizon(), 50);
  WireMap::read(shipped("ur5"), robot_like(0.05, arm, arm, {"front", "wrist"}));
  const auto seven = joined({fields_like(7, joint), {gripper}});
  const auto turning =
      joined({fields_like(7, {.unit = "rad", .kind = FieldKind::kVelocity}), {gripper}});
  WireMap::read(shipped("droid"), robot_like(1.0 / 15, seven, turning, {"front", "wrist"}));
  EXPECT_NE(
      message_of([&] {
        WireMap::read(shipped("droid"), robot_like(1.0 / 15, seven, seven, {"front", "wrist"}));
      }).find("velocity"),
      std::string::npos);
  const Field metre{.unit = "m"};
  const auto pose = joined({fields_like(3, metre), fields_like(3, joint), {gripper}});
  const auto motion = joined({fields_like(3, {.unit = "m", .kind = FieldKind::kDelta}),
                              fields_like(3, {.unit = "rad", .kind = FieldKind::kDelta}),
                              {gripper}});
  Embodiment libero = robot_like(0.05, pose, motion, {"front", "wrist"});
  libero.state.back().name = "gripper";
  WireMap::read(shipped("libero"), libero);
}

}  // namespace
}  // namespace gyre::serve
