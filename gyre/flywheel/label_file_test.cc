#include "gyre/flywheel/label_file.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/testing.h"

namespace gyre::flywheel {
namespace {

const LabelFile kLabels{.episodes = {"0123456789abcdef", "fedcba9876543210"},
                        .targets = {{0, 0, 1}, {1}}};

TEST(LabelFile, ReadsBackWhatWasWritten) {
  const data::testing::TemporaryFolder folder;
  const auto dataset = folder / "data";
  const std::string hash = write_labels(dataset, "corrections", kLabels);
  const LabelFile read = read_labels(dataset, "corrections");
  EXPECT_EQ(read.episodes, kLabels.episodes);
  EXPECT_EQ(read.targets, kLabels.targets);
  EXPECT_EQ(hash, sha256_file(label_path(dataset, "corrections"), 16));
  EXPECT_THROW(read_labels(dataset, "everything"), Error);
}

// The parts of a key can be separated again.
TEST(LabelFile, OtherLabelsHaveAnotherHash) {
  const data::testing::TemporaryFolder folder;
  LabelFile other = kLabels;
  other.targets[1][0] = 0;
  const std::string hash = write_labels(folder / "data", "corrections", kLabels);
  EXPECT_EQ(write_labels(folder / "data", "corrections", kLabels), hash);
  EXPECT_NE(write_labels(folder / "data", "corrections", other), hash);
}

}  // namespace
}  // namespace gyre::flywheel
