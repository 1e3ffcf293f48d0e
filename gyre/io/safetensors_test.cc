#include "gyre/io/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/testing.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SafeTensorsTest : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_safetensors_" + std::to_string(getpid()));
  std::filesystem::path file_ = folder_ / "a.safetensors";
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // The file's bytes for a header of this text and `data` bytes of zeros behind it.
  static std::string file_of(const std::string& header, size_t data) {
    const uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + std::string(data, '\0');
  }
  std::string refusal(const std::string& bytes) {
    write_atomically(file_, bytes);
    return message_of([&] { SafeTensors::open(file_); });
  }
  std::string refusal_of_header(const std::string& header, size_t data = 8) {
    return refusal(file_of(header, data));
  }
};

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

TEST_F(SafeTensorsTest, WhatIsWrittenIsRead) {
  const std::vector<float> weights = {1.5f, -2, 0, 1e-30f, 7, 8};
  const std::vector<int64_t> steps = {-3, 1LL << 40};
  const std::vector<TensorHeader> headers = {
      {"weights", Dtype::kF32, {2, 3}}, {"steps", Dtype::kI64, {2}}, {"none", Dtype::kU8, {0, 4}}};
  write_safetensors(file_, headers, {{"format", "pt"}}, [&](size_t i) {
    return i == 0 ? bytes_of(weights) : i == 1 ? bytes_of(steps) : std::span<const std::byte>();
  });
  const SafeTensors file = SafeTensors::open(file_);
  EXPECT_EQ(file.tensors().size(), 3);
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_EQ(file.at("weights").to_floats(), weights);
  EXPECT_THAT(file.at("weights").shape, ElementsAre(2, 3));
  EXPECT_EQ(std::memcmp(file.at("steps").bytes.data(), steps.data(), 16), 0);
  EXPECT_EQ(file.at("none").count(), 0);
  EXPECT_EQ(file.find("nothing"), nullptr);
}

TEST_F(SafeTensorsTest, HalfPrecisionsAreWidenedExactly) {
  const std::vector<uint16_t> half = {0x3c00, 0xc000, 0x0001, 0x83ff, 0x7bff, 0x7c00, 0x8000};
  const std::vector<uint16_t> brain = {0x3f80, 0xc000, 0x0001, 0x7f80};
  write_safetensors(file_, {{"half", Dtype::kF16, {7}}, {"brain", Dtype::kBF16, {4}}}, {},
                    [&](size_t i) { return i == 0 ? bytes_of(half) : bytes_of(brain); });
  const SafeTensors file = SafeTensors::open(file_);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(file.at("half").to_floats(),
              ElementsAre(1, -2, 0x1p-24f, -1023 * 0x1p-24f, 65504, kInfinity, 0));
  EXPECT_THAT(file.at("brain").to_floats(), ElementsAre(1, -2, 0x1p-133f, kInfinity));
}

TEST_F(SafeTensorsTest, AFailedWriteLeavesTheOldFile) {
  write_atomically(file_, "old");
  const std::vector<float> one = {1};
  EXPECT_THROW(write_safetensors(file_, {{"weights", Dtype::kF32, {2}}}, {},
                                 [&](size_t) { return bytes_of(one); }),
               Error);
  EXPECT_EQ(read_text(file_), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(SafeTensorsTest, RefusalsNameFileAndTensor) {
  EXPECT_THAT(refusal("abc"), HasSubstr("a.safetensors: is no safetensors file"));
  EXPECT_THAT(refusal(std::string(8, '\xff') + "{}"), HasSubstr("its header is said to be"));
  EXPECT_THAT(refusal_of_header("[1]"), HasSubstr("its header is not JSON"));
  EXPECT_THAT(refusal_of_header(R"({"w": {"dtype": "F32", "shape": [2]}})"),
              HasSubstr("a.safetensors: tensor 'w': its header entry lacks"));
  EXPECT_THAT(refusal_of_header(R"({"w": {"dtype": "F31", "shape": [2], "data_offsets": [0, 8]}})"),
              HasSubstr("tensor 'w': its dtype 'F31' is unknown"));
  EXPECT_THAT(
      refusal_of_header(R"({"w": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}})"),
      HasSubstr("tensor 'w': its shape is not a list of sizes"));
  EXPECT_THAT(refusal_of_header(R"({"w": {"dtype": "F32", "shape": [4294967296, 4294967296],
                                          "data_offsets": [0, 8]}})"),
              HasSubstr("tensor 'w': its shape is too large"));
  EXPECT_THAT(refusal_of_header(R"({"w": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}})"),
              HasSubstr("tensor 'w': holds 8 bytes where its shape needs 12"));
  EXPECT_THAT(
      refusal_of_header(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})", 7),
      HasSubstr("the file is truncated or corrupt"));
  EXPECT_THAT(refusal_of_header(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}})"),
              HasSubstr("tensor 'w': its data 8..0"));
  EXPECT_THAT(refusal_of_header(R"({"v": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]},
                                    "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})"),
              HasSubstr("two tensors overlap at byte 2"));
  EXPECT_THAT(refusal_of_header(R"({"__metadata__": {"a": 1}})"),
              HasSubstr("its __metadata__ holds more than text"));
}

// Any change of bytes is refused with an Error, or every tensor stays within the file. The fuzz
// target goes through open(); here every round reaches the header.
TEST_F(SafeTensorsTest, DamagedBytesNeverReachOutside) {
  const std::string header =
      R"({"__metadata__":{"a":"b"},"v":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]},)"
      R"("w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  const std::vector<std::byte> data(12);
  Rng rng = Rng::stream(1, "damage");
  int refused = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = header;
    for (int64_t i = 0, n = 1 + rng.below(3); i < n; ++i) {
      damaged[rng.below(static_cast<int64_t>(damaged.size()))] = static_cast<char>(rng.below(256));
    }
    try {
      const SafeTensors file = SafeTensors::parse("a", damaged, data);
      for (const auto& [name, view] : file.tensors()) {
        ASSERT_GE(view.bytes.data(), data.data()) << damaged;
        ASSERT_LE(view.bytes.data() + view.bytes.size(), data.data() + data.size()) << damaged;
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 10000);
}

}  // namespace
}  // namespace gyre::io
