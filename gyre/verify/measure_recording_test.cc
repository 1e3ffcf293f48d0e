#include "gyre/verify/measure_recording.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace gyre::verify {
namespace {

TEST(MeasureRecording, CountsWhatWasRecorded) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("gyre_recording_" + std::to_string(getpid()));
  const nlohmann::json json = measure_recording({.seconds = 1,
                                                 .cameras = 2,
                                                 .width = 160,
                                                 .height = 144,
                                                 .attempt_s = 0.5,
                                                 .folder = folder});
  EXPECT_EQ(json.at("attempts"), 2);
  EXPECT_EQ(json.at("steps"), 50);
  EXPECT_NEAR(json.at("pictures").get<double>(), 60, 12);
  EXPECT_EQ(json.at("convert").at("episodes"), 2);
  EXPECT_EQ(json.at("convert").at("rows"), 10);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace gyre::verify
