#include "gyre/train/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace gyre::train {
namespace {

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~MetricsTest() override { std::filesystem::remove_all(folder_); }

  static std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

template <class T>
T take(std::string_view& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

// The check value of CRC-32C for "123456789" is e3069283 (RFC 3720), masked as TFRecord does.
TEST(Crc32c, CheckValue) {
  constexpr uint32_t kCrc = 0xe3069283;
  EXPECT_EQ(masked_crc32c("123456789"), ((kCrc >> 15) | (kCrc << 17)) + 0xa282ead8u);
}

TEST_F(MetricsTest, TensorBoardRecordsHoldTheScalars) {
  MetricsLog(folder_, 0).write(300, {{"loss", 0.5}});
  std::vector<std::string> messages;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "events")) {
    const std::string file = read(entry.path());
    std::string_view rest = file;
    while (!rest.empty()) {
      const std::string_view length_bytes = rest.substr(0, 8);
      const uint64_t length = take<uint64_t>(rest);
      ASSERT_EQ(take<uint32_t>(rest), masked_crc32c(length_bytes));
      ASSERT_LE(length + 4, rest.size());
      messages.emplace_back(rest.substr(0, length));
      rest.remove_prefix(length);
      ASSERT_EQ(take<uint32_t>(rest), masked_crc32c(messages.back()));
    }
  }
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_TRUE(
      messages[0].ends_with("\x1a\x0d"
                            "brain.Event:2"));
  // After the wall time (9 bytes): step 300, then summary { value { tag "loss" simple_value 0.5 }
  // }.
  EXPECT_EQ(messages[1].substr(9),
            std::string("\x10\xac\x02\x2a\x0d\x0a\x0b\x0a\x04loss\x15\0\0\0\x3f", 18));
}

TEST_F(MetricsTest, ALineHoldsNumbersAlone) {
  MetricsLog(folder_, 0).write(1, {{"loss", NAN}, {"flow", INFINITY}, {"minutes", 2}});
  EXPECT_EQ(nlohmann::json::parse(read(folder_ / "metrics.jsonl")),
            (nlohmann::json{{"step", 1}, {"minutes", 2}}));
}

TEST_F(MetricsTest, GoingOnDropsLinesAfterTheCheckpoint) {
  {
    MetricsLog log(folder_, 0);
    for (int step : {10, 20, 30}) log.write(step, {{"loss", step * 0.1}});
  }
  MetricsLog(folder_, 20).write(20, {{"loss", 7}});
  std::vector<int> steps;
  std::istringstream lines(read(folder_ / "metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    steps.push_back(nlohmann::json::parse(line).at("step"));
  }
  EXPECT_EQ(steps, (std::vector<int>{10, 20}));
}

}  // namespace
}  // namespace gyre::train
