#include "gyre/io/pickle.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gyre/core/testing.h"

namespace gyre::io::pickle {
namespace {

using Kind = Value::Kind;

std::vector<uint8_t> as_bytes(const std::string& text) { return {text.begin(), text.end()}; }

std::string pickle_refusal(const std::string& message, const Limits& limits = {}) {
  return message_of([&] {
    const std::vector<uint8_t> bytes = as_bytes(message);
    const Document document = decode(bytes, limits);
    if (document.is_array(document.root())) document.array(document.root());
  });
}

std::string text_opcode(const std::string& text) {
  return "\x8c" + std::string(1, static_cast<char>(text.size())) + text;
}

std::string class_opcodes(const std::string& module, const std::string& name) {
  return text_opcode(module) + text_opcode(name) + "\x93";
}

const std::string kHead("\x80\x04", 2);
const std::string kHelpers = "lerobot.async_inference.helpers";

// numpy.dtype("<kind>", False, True) with its order.
std::string dtype_opcodes(const std::string& name, const std::string& order) {
  return class_opcodes("numpy", "dtype") + text_opcode(name) + "\x89\x88\x87R" + "(K\x03" +
         text_opcode(order) + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff" + std::string("K\x00tb", 4);
}

// An array of NumPy's as protocol 4 has it. `shape`: opcodes of a tuple.
std::string array_opcodes(const std::string& shape, const std::string& name,
                          const std::string& order, const std::string& data, bool fortran = false) {
  return class_opcodes("numpy._core.multiarray", "_reconstruct") +
         class_opcodes("numpy", "ndarray") + std::string("K\x00\x85", 3) + "C\x01" + "b" + "\x87R" +
         "(K\x01" + shape + dtype_opcodes(name, order) + (fortran ? "\x88" : "\x89") + "C" +
         std::string(1, static_cast<char>(data.size())) + data + "tb";
}

TEST(Pickle, AnObservationIsReadAsLerobotWritesIt) {
  const std::string message =
      kHead + std::string("\x95\x00\x01\x00\x00\x00\x00\x00\x00", 9) +
      class_opcodes(kHelpers, "TimedObservation") + "\x94)\x81\x94}\x94(" +
      text_opcode("timestamp") + std::string("G\x3f\xf8\x00\x00\x00\x00\x00\x00", 9) +
      text_opcode("timestep") + "K\x03" + text_opcode("observation") + "}\x94(" +
      text_opcode("joint.pos") + std::string("G\xbf\xe0\x00\x00\x00\x00\x00\x00", 9) +
      text_opcode("front") + array_opcodes(std::string("K\x01K\x02\x86", 5), "u1", "|", "ab") +
      text_opcode("task") + text_opcode("open it") + "u" + text_opcode("must_go") + "\x88ub.";
  const std::vector<uint8_t> bytes = as_bytes(message);
  const Document document = decode(bytes);
  const Value& root = document.root();
  ASSERT_EQ(root.kind, Kind::kObject);
  EXPECT_EQ(root.type, Class::kTimedObservation);
  EXPECT_EQ(document.find(root, "timestamp")->number, 1.5);
  EXPECT_EQ(document.find(root, "timestep")->integer, 3);
  EXPECT_EQ(document.find(root, "must_go")->integer, 1);
  EXPECT_EQ(document.find(root, "other"), nullptr);
  const Value& observation = *document.find(root, "observation");
  EXPECT_EQ(document.number(*document.find(observation, "joint.pos"), "joint"), -0.5);
  EXPECT_EQ(document.find(observation, "task")->text(), "open it");
  const msgpack::Array front = document.array(*document.find(observation, "front"));
  EXPECT_EQ(front.shape, (std::vector<size_t>{1, 2}));
  EXPECT_EQ(front.numbers(), (std::vector<float>{97, 98}));
  EXPECT_NE(message_of([&] { document.array(root); }), "");
  EXPECT_NE(message_of([&] { document.number(root, "joint"); }).find("joint"), std::string::npos);
}

TEST(Pickle, ClassesOutsideTheListAreRefusedWithoutACall) {
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                        {"builtins", "eval"},
                                                        {"posix", "system"},
                                                        {"numpy", "load"},
                                                        {"lerobot.async_inference.helpers", "os"},
                                                        {"collections", "namedtuple"}}) {
    EXPECT_NE(pickle_refusal(kHead + class_opcodes(module, name) + text_opcode("true") + "\x85R."),
              "");
    std::string old = kHead + "c";
    old.append(module).append("\n").append(name).append("\n");
    EXPECT_NE(pickle_refusal(old.append(text_opcode("x")).append("\x85R.")), "");
  }
  EXPECT_NE(pickle_refusal(kHead + text_opcode("x") + text_opcode("y") + "\x85R."),
            "");  // calls a text
}

TEST(Pickle, OtherOpcodesAreRefused) {
  const std::string taken = "N.(0t)]}aesubGJKMXBCchjqrR";
  for (int opcode = 0; opcode < 256; ++opcode) {
    const bool known = taken.find(static_cast<char>(opcode)) != std::string::npos ||
                       (opcode >= 0x80 && opcode <= 0x96);
    if (known) continue;
    EXPECT_NE(pickle_refusal(kHead + static_cast<char>(opcode)).find("opcode"), std::string::npos)
        << opcode;
  }
}

TEST(Pickle, DamageIsRefused) {
  EXPECT_NE(pickle_refusal(""), "");
  EXPECT_NE(pickle_refusal(kHead), "");
  EXPECT_NE(pickle_refusal(kHead + "N"), "");
  EXPECT_NE(pickle_refusal(kHead + "."), "");
  EXPECT_NE(pickle_refusal(kHead + "NN."), "");
  EXPECT_NE(pickle_refusal(kHead + "N.N"), "");
  EXPECT_NE(pickle_refusal("\x80\x01N."), "");
  EXPECT_NE(pickle_refusal(kHead + "Ne."), "");
  EXPECT_NE(pickle_refusal(kHead + "](NN."), "");
  EXPECT_NE(pickle_refusal(kHead + "N(Nu."), "");
  EXPECT_NE(pickle_refusal(kHead + "}(Nu."), "");
  EXPECT_NE(pickle_refusal(kHead + "h\x05."), "");
  EXPECT_NE(pickle_refusal(kHead + "q\x05."), "");
  EXPECT_NE(pickle_refusal(kHead + "NNb."), "");
  EXPECT_NE(pickle_refusal(kHead + std::string("X\xff\xff\xff\xffx", 6)), "");  // 4 GiB
  EXPECT_NE(pickle_refusal(kHead + std::string("\x8e\x00\x00\x00\x00\x00\x00\x00\x80x", 10)), "");
  EXPECT_NE(pickle_refusal(kHead + "\x8c\x01\xff."), "");  // no UTF-8
  EXPECT_NE(pickle_refusal(kHead + "\x8a\x09"
                                   "123456789."),
            "");
}

TEST(Pickle, MemoryIsBounded) {
  const Limits few{.values = 100, .stack = 50};
  std::string many = kHead;
  for (int i = 0; i < 200; ++i) many += "N0";
  EXPECT_NE(pickle_refusal(many + "N.", few).find("too many values"), std::string::npos);
  EXPECT_NE(pickle_refusal(kHead + std::string(60, '('), few).find("stack"), std::string::npos);
  std::string grows = kHead + "]\x94N\x94" + "0";
  for (int i = 0; i < 300; ++i)
    grows +=
        "h\x01"
        "a";
  EXPECT_NE(pickle_refusal(grows + ".", few).find("too many items"), std::string::npos);
  // Ten thousand lists in one another, and a list in itself, are no depth to the reader.
  std::string deep = kHead + std::string(10'000, ']') + std::string(9'999, 'a') + ".";
  EXPECT_EQ(pickle_refusal(deep), "");
  EXPECT_EQ(pickle_refusal(kHead + std::string("]\x94h\x00"
                                               "a.",
                                               6)),
            "");
}

TEST(Pickle, ArraysMustBeWhatTheySay) {
  const std::string pair = std::string("K\x02\x85", 3);
  EXPECT_EQ(pickle_refusal(kHead + array_opcodes(pair, "u1", "|", "ab") + "."), "");
  EXPECT_EQ(pickle_refusal(kHead + array_opcodes(pair, "f4", "<", "12345678") + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes(pair, "u1", "|", "abc") + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes(pair, "u1", "|", "ab", true) + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes(pair, "f4", ">", "12345678") + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes(pair, "O8", "|", "ab") + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes("N", "u1", "|", "ab") + "."), "");
  const std::string vast =
      "J\xff\xff\xff\x7f"
      "J\xff\xff\xff\x7f\x86";
  EXPECT_NE(pickle_refusal(kHead + array_opcodes(vast, "u1", "|", "ab") + "."), "");
  EXPECT_NE(pickle_refusal(kHead + array_opcodes("J\xff\xff\xff\xff\x85", "u1", "|", "") + "."),
            "");
}

TEST(Pickle, WhatIsWrittenIsRead) {
  Writer writer;
  writer.begin_list();
  writer.global(kHelpers, "TimedAction");
  writer.new_object();
  writer.begin_dict();
  writer.text("timestamp");
  writer.number(-2.25);
  writer.text("timestep");
  writer.integer(-70'000);
  writer.text("action");
  writer.begin_list();
  writer.boolean(true);
  writer.none();
  writer.end_list();
  writer.end_dict();
  writer.end_object();
  writer.end_list();
  const std::vector<uint8_t> bytes = as_bytes(writer.take());
  const Document document = decode(bytes);
  ASSERT_EQ(document.root().items.size(), 1U);
  const Value& action = document.at(document.root().items[0]);
  EXPECT_EQ(action.type, Class::kTimedAction);
  EXPECT_EQ(document.find(action, "timestamp")->number, -2.25);
  EXPECT_EQ(document.find(action, "timestep")->integer, -70'000);
  EXPECT_EQ(document.at(document.find(action, "action")->items[0]).integer, 1);
}

}  // namespace
}  // namespace gyre::io::pickle
