#include "gyre/serve/lerobot.h"

#include <gtest/gtest.h>

#include <future>

#include "gyre/core/testing.h"
#include "gyre/io/pickle.h"
#include "gyre/serve/lerobot_desk.h"
#include "gyre/serve/testing.h"

namespace gyre::serve::lerobot {
namespace {

constexpr const char* kModule = "lerobot.async_inference.helpers";

std::string setup_message(const std::vector<std::string>& joints, const std::string& camera) {
  io::pickle::Writer writer;
  writer.global(kModule, "RemotePolicyConfig");
  writer.new_object();
  writer.begin_dict();
  for (const char* key : {"policy_type", "pretrained_name_or_path"}) {
    writer.text(key);
    writer.text("pi05");
  }
  writer.text("actions_per_chunk");
  writer.integer(3);
  writer.text("lerobot_features");
  writer.begin_dict();
  writer.text("observation.state");
  writer.begin_dict();
  writer.text("names");
  writer.begin_list();
  for (const std::string& joint : joints) writer.text(joint);
  writer.end_list();
  writer.end_dict();
  writer.text("observation.images." + camera);
  writer.none();
  writer.end_dict();
  writer.end_dict();
  writer.end_object();
  return writer.take();
}

const std::vector<std::string> kJoints = {"joint1.pos", "joint0.pos"};

Observation some_observation() {
  Observation observation;
  observation.timestamp = 2;
  observation.timestep = 5;
  observation.task = "open the drawer";
  observation.numbers = {{"joint0.pos", 90.0F}, {"joint1.pos", -45.0F}};
  observation.images["front"] = Image::black(8, 8);
  return observation;
}

TEST(Lerobot, ActionsAreWrittenAsPythonLoadsThem) {
  ActionChunk chunk{.period_s = 0.5, .horizon = 2, .dim = 1, .actions = {1, 2}};
  const std::string helpers = "\x8c\x1f" + std::string(kModule);
  const auto action = [&](const char* time, char step, const char* number) {
    return helpers + "\x8c\x0bTimedAction\x93)\x81}(\x8c\x09timestampG" + std::string(time, 8) +
           "\x8c\x08timestepJ" + step + std::string(3, '\0') + "\x8c\x06" + "action" +
           "\x8c\x05torch\x8c\x06tensor\x93](G" + std::string(number, 8) + "e\x85Rub";
  };
  const std::string one("\x3f\xf0\0\0\0\0\0\0", 8), two("\x40\0\0\0\0\0\0\0", 8),
      later("\x40\x04\0\0\0\0\0\0", 8);
  EXPECT_EQ(write_actions(chunk, some_observation(), 9),
            "\x80\x04](" + action(two.data(), 5, one.data()) + action(later.data(), 6, two.data()) +
                "e.");
  EXPECT_EQ(write_actions(chunk, some_observation(), 1),
            "\x80\x04](" + action(two.data(), 5, one.data()) + "e.");
}

TEST(Lerobot, PayloadsOfTheServicesMessages) {
  const auto bytes = bytes_of(std::string("\x08\x03\x12\x02hi", 6));
  const Payload payload = read_payload(bytes, 2);
  EXPECT_EQ(payload.piece, Piece::kEnd);
  EXPECT_EQ(std::string(payload.data.begin(), payload.data.end()), "hi");
  const std::string large = write_payload(std::string(300, 'x'));
  EXPECT_EQ(read_payload(bytes_of(large), 1).data.size(), 300U);
  EXPECT_EQ(large.substr(0, 3), "\x0a\xac\x02");
  EXPECT_EQ(write_payload(""), "");
  for (const char* bad :
       {"\x12\x7fx", "\x12", "\x80", "\x0d", "\x12\xff\xff\xff\xff\xff\xff\xff\x7f"}) {
    EXPECT_NE(message_of([&] { read_payload(bytes_of(bad), 2); }), "");
  }
}

TEST(Lerobot, JointsAreFoundByNameAndConverted) {
  const FakeEngine engine;
  const PolicySetup setup = read_policy_setup(bytes_of(setup_message(kJoints, "front")));
  EXPECT_EQ(setup.actions_per_chunk, 3);
  const Fit fit(engine.checkpoint(), setup);
  EXPECT_EQ(fit.contract().name, "a/joint");
  const Request request = fit.request(some_observation());
  EXPECT_NEAR(request.frame.state[0], 1.5708, 1e-4);
  EXPECT_NEAR(request.frame.state[1], -0.7854, 1e-4);
  const ActionChunk back =
      fit.actions({.horizon = 1, .dim = 2, .actions = {1.5707963F, -0.7853982F}});
  EXPECT_NEAR(back.actions[0], -45, 1e-3);  // joint1 is the robot's first
  EXPECT_NEAR(back.actions[1], 90, 1e-3);
  const auto refusal = [&](const std::vector<std::string>& joints, const std::string& camera) {
    return message_of([&] {
      Fit(engine.checkpoint(), read_policy_setup(bytes_of(setup_message(joints, camera))));
    });
  };
  EXPECT_NE(refusal({"joint0.pos", "wheel.pos"}, "front").find("wheel.pos"), std::string::npos);
  EXPECT_NE(refusal(kJoints, "side").find("a/joint"), std::string::npos);
  Observation blind = some_observation();
  blind.images.clear();
  EXPECT_NE(message_of([&] { fit.request(blind); }).find("front"), std::string::npos);
}

TEST(Lerobot, WhatWaitsIsAnsweredAtTheEnd) {
  auto engine = std::make_shared<FakeEngine>();
  Service service(std::make_shared<PolicyTable>(
                      std::vector<std::filesystem::path>{"x/nano"}, std::vector<Canary>{}, "",
                      [&](const std::filesystem::path&) { return engine; }),
                  {.workers = 1, .batch = 1}, {});
  std::promise<std::string> actions;
  {
    Desk desk(service, {.policy = "nano", .wait_s = 600, .most_clients = 1});
    EXPECT_NE(message_of([&] { desk.set_up("a", bytes_of(setup_message(kJoints, "front"))); }), "");
    desk.ready("a");
    EXPECT_NE(message_of([&] { desk.ready("b"); }).find("too many"), std::string::npos);
    desk.set_up("a", bytes_of(setup_message(kJoints, "front")));
    desk.act("a", [&](std::string answer) { actions.set_value(std::move(answer)); });
  }
  EXPECT_EQ(actions.get_future().get(), "");
}

}  // namespace
}  // namespace gyre::serve::lerobot
