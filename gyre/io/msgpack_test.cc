#include "gyre/io/msgpack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "gyre/core/testing.h"

namespace gyre::io::msgpack {
namespace {

Bytes message_bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string text_of_hex(std::string_view hex) {
  std::string text;
  for (size_t at = 0; at + 1 < hex.size();) {
    if (hex[at] == ' ') {
      ++at;
      continue;
    }
    text.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
    at += 2;
  }
  return text;
}

// np.array([1, 2], uint8) as openpi's client sends it.
const std::string kGolden =
    "\x84\xC4\x0B"
    "__ndarray__\xC3\xC4\x04"
    "data\xC4\x02\x01\x02\xC4\x05"
    "dtype\xA3|u1\xC4\x05shape\x91\x02";

TEST(Msgpack, AnArrayHasOpenpisBytes) {
  const uint8_t data[] = {1, 2};
  const size_t shape[] = {2};
  Writer writer;
  writer.array(Dtype::kUint8, shape, data);
  EXPECT_EQ(writer.message(), kGolden);
  const Value value = decode(message_bytes(kGolden));
  const auto* array = value.as<Array>();
  ASSERT_NE(array, nullptr);
  EXPECT_EQ(array->dtype, Dtype::kUint8);
  EXPECT_EQ(array->shape, std::vector<size_t>{2});
  EXPECT_EQ(array->numbers(), (std::vector<float>{1, 2}));
  EXPECT_GE(array->data.data(), message_bytes(kGolden).data());  // a view, no copy
  EXPECT_LT(array->data.data(), message_bytes(kGolden).data() + kGolden.size());
}

TEST(Msgpack, MarkerKeysMayBeText) {
  const std::string message = text_of_hex("84 ab") +
                              "__ndarray__\xC3\xA4"
                              "data\xC4\x04" +
                              std::string("\0\0\x80\x3f", 4) +
                              "\xA5"
                              "dtype\xA3<f4\xA5shape\x90";
  const Value value = decode(message_bytes(message));
  ASSERT_NE(value.as<Array>(), nullptr);
  EXPECT_TRUE(value.as<Array>()->shape.empty());
  EXPECT_EQ(value.as<Array>()->numbers(), std::vector<float>{1});
}

TEST(Msgpack, NumpyScalarsBecomeNumbers) {
  Writer writer;
  writer.map(3);
  writer.text("__npgeneric__");
  writer.boolean(true);
  writer.text("data");
  writer.number(0.5);
  writer.text("dtype");
  writer.text("<f4");
  const Value value = decode(message_bytes(writer.message()));
  ASSERT_NE(value.as<double>(), nullptr);
  EXPECT_EQ(*value.as<double>(), 0.5);
}

TEST(Msgpack, EveryLengthOfHeadSurvives) {
  for (const size_t size : {0, 1, 31, 32, 255, 256, 65535, 65536}) {
    Writer writer;
    writer.map(1);
    writer.text("key");
    writer.list(2);
    writer.text(std::string(size, 'x'));
    writer.bytes(message_bytes(std::string(size, 'y')));
    const Value value = decode(message_bytes(writer.message()));
    const auto* list = value.find("key")->as<List>();
    ASSERT_NE(list, nullptr);
    EXPECT_EQ(list->at(0).as<std::string_view>()->size(), size);
    EXPECT_EQ(list->at(1).as<Bytes>()->size(), size);
  }
  for (const int64_t number : {int64_t{-32}, int64_t{-33}, int64_t{-129}, int64_t{-40000},
                               int64_t{-3000000000}, INT64_MIN}) {
    Writer writer;
    writer.integer(number);
    EXPECT_EQ(*decode(message_bytes(writer.message())).as<int64_t>(), number);
  }
  for (const uint64_t number : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{256},
                                uint64_t{65536}, uint64_t{1} << 32, UINT64_MAX}) {
    Writer writer;
    writer.integer(number);
    EXPECT_EQ(*decode(message_bytes(writer.message())).as<uint64_t>(), number);
  }
}

TEST(Msgpack, EveryDtypeGivesItsNumbers) {
  const double numbers[] = {1.5, -2};
  const size_t shape[] = {1, 2};
  Writer writer;
  writer.array(Dtype::kFloat64, shape, {reinterpret_cast<const uint8_t*>(numbers), sizeof numbers});
  EXPECT_EQ(decode(message_bytes(writer.message())).as<Array>()->numbers(),
            (std::vector<float>{1.5f, -2}));
  const uint16_t halves[] = {0x3c00, 0xc000, 0x0001, 0x7c00};
  const size_t four[] = {4};
  Writer half;
  half.array(Dtype::kFloat16, four, {reinterpret_cast<const uint8_t*>(halves), sizeof halves});
  const auto read = decode(message_bytes(half.message())).as<Array>()->numbers();
  EXPECT_EQ(read[0], 1);
  EXPECT_EQ(read[1], -2);
  EXPECT_EQ(read[2], std::ldexp(1.0f, -24));
  EXPECT_TRUE(std::isinf(read[3]));
  const int16_t small[] = {-3, 7};
  const size_t two[] = {2};
  Writer ints;
  ints.array(Dtype::kInt16, two, {reinterpret_cast<const uint8_t*>(small), sizeof small});
  EXPECT_EQ(decode(message_bytes(ints.message())).as<Array>()->numbers(),
            (std::vector<float>{-3, 7}));
}

std::string refusal(const std::string& message) {
  return message_of([&] { decode(message_bytes(message)); });
}

TEST(Msgpack, FalseLengthsAreRefusedBeforeMemoryIsTaken) {
  EXPECT_NE(refusal(text_of_hex("c6 ff ff ff ff")), "");  // 4 GiB of bytes
  EXPECT_NE(refusal(text_of_hex("db ff ff ff ff")), "");
  EXPECT_NE(refusal(text_of_hex("dd ff ff ff ff")), "");
  EXPECT_NE(refusal(text_of_hex("df ff ff ff ff")), "");
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal(text_of_hex("c0 c0")), "");  // bytes after the end
  EXPECT_NE(refusal(text_of_hex("dd 00 02 00 00") + std::string(0x20000, '\xc0')), "");  // many
  EXPECT_NE(refusal(std::string(10000, '\x91')), "");                                    // deep
  for (size_t size = 0; size < kGolden.size(); ++size) {
    EXPECT_NE(refusal(kGolden.substr(0, size)), "") << size;
  }
}

std::string array_message(std::string_view dtype, const std::vector<uint64_t>& shape,
                          size_t bytes) {
  Writer writer;
  writer.map(4);
  writer.text("__ndarray__");
  writer.boolean(true);
  writer.text("data");
  writer.bytes(message_bytes(std::string(bytes, 'a')));
  writer.text("dtype");
  writer.text(dtype);
  writer.text("shape");
  writer.list(shape.size());
  for (const uint64_t size : shape) writer.integer(size);
  return writer.take();
}

TEST(Msgpack, ArraysOfObjectsTextAndFalseShapesAreRefused) {
  EXPECT_EQ(refusal(array_message("<f4", {2, 2}, 16)), "");
  for (const char* dtype : {"|O", "|V2", "<c8", "<U5", ">f4", "|S3", "<M8[ns]", ""}) {
    EXPECT_NE(refusal(array_message(dtype, {2}, 8)), "") << dtype;
  }
  EXPECT_NE(refusal(array_message("<f4", {2, 2}, 15)), "");
  EXPECT_NE(refusal(array_message("|u1", {UINT64_MAX, 2}, 1)), "");
  EXPECT_NE(refusal(array_message("|u1", {uint64_t{1} << 32, uint64_t{1} << 32}, 0)), "");
  EXPECT_NE(refusal(array_message("|u1", std::vector<uint64_t>(9, 1), 1)), "");
  EXPECT_EQ(refusal(array_message("|u1", {0, 3}, 0)), "");  // empty, and true
}

TEST(Msgpack, KeysMustBeTextAndDiffer) {
  EXPECT_NE(refusal(text_of_hex("81 01 02")), "");
  EXPECT_NE(refusal(text_of_hex("82 a1 61 01 a1 61 02")), "");
  EXPECT_NE(refusal(text_of_hex("d4 01 02")), "");  // an extension
}

}  // namespace
}  // namespace gyre::io::msgpack
