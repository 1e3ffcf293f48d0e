#include "gyre/serve/protocol.h"

#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/serve/testing.h"

namespace gyre::serve {
namespace {

using io::msgpack::Dtype;
using io::msgpack::Writer;

const FakeEngine& some_engine() {
  static const FakeEngine engine;
  return engine;
}

const Embodiment& contract_a() {
  return some_engine().checkpoint().embodiments.at("a/joint").contract;
}

Frame frame_from(const Ask& ask) {
  return frame_of(ask, contract_a(), some_engine().checkpoint(), 3);
}

TEST(Protocol, ARequestSurvivesTheWire) {
  Request request = small_request(contract_a(), 5, "open the drawer");
  request.noise_seed = UINT64_MAX - 3;
  request.chunking = Chunking::kGuided;
  request.delay = 2;
  request.flow_steps = 4;
  auto goal = std::make_shared<Goal>(*request.goal);
  goal->subtask = "grasp the handle";
  request.goal = goal;
  auto previous = std::make_shared<ActionChunk>();
  previous->dim = 2;
  previous->horizon = 3;
  previous->actions = {1, 2, 3, 4, 5, 6};
  request.previous = previous;
  const auto ask = read_ask(bytes_of(write_request(
      request, contract_a(), 87.5, true, {.contract_hash = contract_a().contract_hash()})));
  EXPECT_TRUE(ask->ours);
  EXPECT_EQ(ask->id, 5);
  EXPECT_EQ(ask->seed, request.noise_seed);
  EXPECT_EQ(ask->embodiment, "a/joint");
  EXPECT_EQ(ask->contract_hash, contract_a().contract_hash());
  EXPECT_EQ(ask->task, "open the drawer");
  EXPECT_EQ(ask->subtask, "grasp the handle");
  EXPECT_EQ(ask->goal_id, 7);
  EXPECT_EQ(ask->deadline_ms, 87.5);
  EXPECT_EQ(ask->chunking, Chunking::kGuided);
  EXPECT_EQ(ask->delay, 2);
  EXPECT_EQ(ask->flow_steps, 4);
  EXPECT_EQ(previous_of(*ask, contract_a())->actions, previous->actions);
  const Frame frame = frame_from(*ask);
  EXPECT_EQ(frame.state, request.frame.state);
  EXPECT_EQ(frame.pictures[0]->image, request.frame.pictures[0]->image);
  EXPECT_EQ(frame.pictures[0]->id, 3);
}

TEST(Protocol, AnOpenpiRequestNeedsNoKeysOfOurs) {
  const Request request = small_request(contract_a(), 5, "open the drawer");
  const auto ask = read_ask(bytes_of(write_request(request, contract_a(), 0, false)));
  EXPECT_FALSE(ask->ours);
  EXPECT_EQ(ask->id, -1);
  EXPECT_FALSE(ask->seed);
  EXPECT_EQ(frame_from(*ask).state, request.frame.state);
}

// A request whose picture has `shape`, filled with the bytes 0, 1, 2, ...
std::string request_with_picture(const std::vector<size_t>& shape, Dtype dtype = Dtype::kUint8) {
  size_t count = io::msgpack::item_size(dtype);
  for (const size_t size : shape) count *= size;
  std::vector<uint8_t> data(count);
  for (size_t i = 0; i < count; ++i) data[i] = static_cast<uint8_t>(i);
  const std::vector<float> state{0.5f, -0.5f};
  const size_t fields[] = {2};
  Writer writer;
  writer.map(3);
  writer.text("images");
  writer.map(1);
  writer.text("front");
  writer.array(dtype, shape, data);
  writer.text("state");
  writer.array(Dtype::kFloat32, fields,
               {reinterpret_cast<const uint8_t*>(state.data()), state.size() * sizeof(float)});
  writer.text("prompt");
  writer.text("open the drawer");
  return writer.take();
}

std::string frame_refusal(const std::string& message) {
  return message_of([&] { frame_from(*read_ask(bytes_of(message))); });
}

TEST(Protocol, PlanesOfColourBecomePixels) {
  const auto pixels = read_ask(bytes_of(request_with_picture({3, 8, 8})));
  const Image image = frame_from(*pixels).pictures[0]->image;
  EXPECT_EQ(image.rgb[0], 0);    // red of the first pixel
  EXPECT_EQ(image.rgb[1], 64);   // green, one plane later
  EXPECT_EQ(image.rgb[2], 128);  // blue
  EXPECT_EQ(image.rgb[3], 1);
}

TEST(Protocol, PicturesOfAnotherSizeAreFitted) {
  const auto ask = read_ask(bytes_of(request_with_picture({16, 32, 3})));
  const Image image = frame_from(*ask).pictures[0]->image;
  EXPECT_EQ(image.width, 8);
  EXPECT_EQ(image.height, 8);
  EXPECT_EQ(image.rgb[0], 0);  // a black band above
}

TEST(Protocol, FalsePicturesAreRefused) {
  EXPECT_EQ(frame_refusal(request_with_picture({8, 8, 3})), "");
  EXPECT_NE(frame_refusal(request_with_picture({8, 8, 4})), "");
  EXPECT_NE(frame_refusal(request_with_picture({8, 8})), "");
  EXPECT_NE(frame_refusal(request_with_picture({0, 8, 3})), "");
  EXPECT_NE(frame_refusal(request_with_picture({8, 8, 3}, Dtype::kFloat32)), "");
  const std::string large = frame_refusal(request_with_picture({2000, 2000, 3}));
  EXPECT_NE(large.find("2000 x 2000"), std::string::npos) << large;
}

std::string own_refusal(std::string_view key, const std::function<void(Writer&)>& value) {
  Writer writer;
  writer.map(2);
  writer.text("prompt");
  writer.text("open the drawer");
  writer.text("gyre");
  writer.map(2);
  writer.text("id");
  writer.integer(1);
  writer.text(key);
  value(writer);
  return message_of([&] { read_ask(bytes_of(writer.message())); });
}

TEST(Protocol, FalseKeysOfOursAreRefusedByName) {
  EXPECT_EQ(own_refusal("deadline_ms", [](Writer& w) { w.number(20); }), "");
  EXPECT_NE(own_refusal("deadline_ms", [](Writer& w) { w.number(-1); }).find("deadline_ms"),
            std::string::npos);
  EXPECT_NE(own_refusal("deadline_ms", [](Writer& w) { w.number(NAN); }), "");
  EXPECT_NE(own_refusal("delay", [](Writer& w) { w.integer(-1); }), "");
  EXPECT_NE(own_refusal("flow_steps", [](Writer& w) { w.integer(100'000); }), "");
  EXPECT_NE(own_refusal("draws", [](Writer& w) { w.integer(0); }).find("1 to 64"),
            std::string::npos);
  EXPECT_NE(own_refusal("draws", [](Writer& w) { w.integer(65); }), "");
  EXPECT_NE(own_refusal("draws", [](Writer& w) { w.integer(2); }), "");  // no previous
  EXPECT_NE(own_refusal("seed", [](Writer& w) { w.integer(-5); }), "");
  EXPECT_NE(own_refusal("chunking", [](Writer& w) { w.text("guided"); }), "");  // no previous
  EXPECT_NE(own_refusal("dedline_ms", [](Writer& w) { w.number(20); }).find("dedline_ms"),
            std::string::npos);
  EXPECT_NE(own_refusal("subtask", [](Writer& w) { w.text("\xff"); }), "");
  EXPECT_NE(own_refusal("subtask", [](Writer& w) { w.text(std::string(5000, 'x')); }), "");
}

TEST(Protocol, AnAnswerSurvivesTheWire) {
  const Request request = small_request(contract_a(), 5, "open the drawer");
  const ActionChunk chunk = lone_chunk(some_engine(), request);
  const AnswerFacts facts{.id = 5,
                          .goal_id = 7,
                          .generation = 2,
                          .noise_id = 5,
                          .seed = UINT64_MAX,
                          .subtask = "grasp",
                          .embodiment = "a/joint",
                          .infer_ms = 3,
                          .total_ms = 8};
  const ReadAnswer answer = read_answer(bytes_of(write_answer(chunk, facts)));
  EXPECT_EQ(answer.chunk.actions, chunk.actions);
  EXPECT_EQ(answer.chunk.policy_hash, "hash");
  EXPECT_EQ(answer.facts.id, 5);
  EXPECT_EQ(answer.facts.seed, UINT64_MAX);
  EXPECT_EQ(answer.facts.generation, 2);
  EXPECT_EQ(answer.facts.subtask, "grasp");
  EXPECT_EQ(answer.facts.infer_ms, 3);
  EXPECT_EQ(answer.facts.total_ms, 8);
  const ReadAnswer refused = read_answer(bytes_of(write_failure(9, "too late", true)));
  EXPECT_TRUE(refused.refused);
  EXPECT_EQ(refused.failure, "too late");
  EXPECT_EQ(refused.facts.id, 9);
}

TEST(Protocol, AnAnswerHasOpenpisKeys) {
  const Request request = small_request(contract_a(), 5, "open the drawer");
  const std::string first = write_answer(lone_chunk(some_engine(), request), {});
  const auto value =
      io::msgpack::decode({reinterpret_cast<const uint8_t*>(first.data()), first.size()});
  EXPECT_TRUE(value.find("policy_timing")->find("infer_ms")->as<double>());
  EXPECT_TRUE(value.find("server_timing")->find("infer_ms")->as<double>());
  EXPECT_EQ(value.find("server_timing")->find("prev_total_ms"), nullptr);
  const auto* actions = value.find("actions")->as<io::msgpack::Array>();
  EXPECT_EQ(actions->shape, (std::vector<size_t>{4, 2}));
  // openpi's clients take one row of each array of an answer, so there is only one.
  for (const auto& entry : *value.find("gyre")->as<io::msgpack::Map>()) {
    EXPECT_EQ(entry.value.as<io::msgpack::Array>(), nullptr) << entry.key;
  }
}

TEST(Protocol, MetadataNamesContractsAndHorizon) {
  const std::string text = write_metadata("nano", some_engine().checkpoint(), "a/joint");
  const auto value =
      io::msgpack::decode({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  EXPECT_EQ(*value.find("embodiment")->as<std::string_view>(), "a/joint");
  EXPECT_EQ(*value.find("action_horizon")->as<uint64_t>(), 4u);
  EXPECT_EQ(
      *value.find("embodiments")->find("a/joint")->find("contract_hash")->as<std::string_view>(),
      contract_a().contract_hash());
}

TEST(Protocol, AMismatchOfContractsNamesBothSides) {
  const std::string text = write_metadata("nano", some_engine().checkpoint(), "a/joint");
  const ReadMetadata server = read_metadata(bytes_of(text));
  EXPECT_EQ(server.policy, "nano");
  EXPECT_EQ(server.horizon, 4);
  require_same_contract(server, contract_a());
  const auto refusal = [](const ReadMetadata& metadata, const Embodiment& robot) {
    return message_of([&] { require_same_contract(metadata, robot); });
  };
  const Embodiment other = small_contract("a/joint", 5);
  const std::string mismatch = refusal(server, other);
  EXPECT_NE(mismatch.find(contract_a().contract_hash()), std::string::npos) << mismatch;
  EXPECT_NE(mismatch.find(other.contract_hash()), std::string::npos) << mismatch;
  EXPECT_NE(refusal(server, small_contract("c/joint")).find("a/joint"), std::string::npos);
  EXPECT_NE(refusal({}, contract_a()).find("--map"), std::string::npos);
}

TEST(Protocol, MetadataOfAnOpenpiServer) {
  EXPECT_FALSE(read_metadata(bytes_of("\x80")).reset_pose);
  Writer writer;
  writer.map(1);
  writer.text("reset_pose");
  writer.list(3);
  writer.integer(0);
  writer.number(-1.5);
  writer.number(1.5);
  EXPECT_EQ(read_metadata(bytes_of(writer.message())).reset_pose,
            (std::vector<float>{0, -1.5F, 1.5F}));
  EXPECT_NE(message_of([&] { read_metadata(bytes_of("\x90")); }).find("not a map"),
            std::string::npos);
  Writer endless;
  endless.map(1);
  endless.text("reset_pose");
  endless.list(1);
  endless.number(INFINITY);
  EXPECT_NE(message_of([&] { read_metadata(bytes_of(endless.message())); }), "");
}

}  // namespace
}  // namespace gyre::serve
