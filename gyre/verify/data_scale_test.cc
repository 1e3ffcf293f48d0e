#include "gyre/verify/data_scale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "gyre/data/dataset.h"
#include "gyre/data/dataset_verify.h"

namespace gyre::verify {
namespace {

TEST(DataScale, HasAsManyEpisodesAndFramesAsAsked) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("gyre_scale_" + std::to_string(getpid()));
  write_scale_dataset(folder, {.episodes = 30, .frames = 1511});
  const data::Dataset dataset(folder);
  EXPECT_EQ(dataset.episodes().size(), 30U);
  EXPECT_EQ(dataset.total_frames(), 1511);
  EXPECT_TRUE(data::verify_dataset(folder).ok());
  std::filesystem::remove_all(folder);
}

TEST(DataScale, AProgramIsMeasured) {
  const Measured good = measure_program("/bin/sh", {"-c", "sleep 0.05"});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_GT(good.seconds, 0.04);
  EXPECT_GT(good.memory_mib, 0.1);
  EXPECT_EQ(measure_program("/bin/sh", {"-c", "exit 3"}).exit_code, 3);
}

}  // namespace
}  // namespace gyre::verify
