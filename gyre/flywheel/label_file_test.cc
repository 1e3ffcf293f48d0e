#include "gyre/flywheel/label_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

TEST(LabelFile, ReadsBackWhatWasWritten) {
  const fs::path dataset =
      fs::temp_directory_path() / ("gyre_labels_" + std::to_string(::getpid()));
  fs::create_directories(dataset);
  write_labels(
      dataset, Recipe::kCorrections,
      {{.outcome = "success", .target = {0, 0, 1}}, {.outcome = "failure", .target = {1}}});
  EXPECT_EQ(read_targets(dataset, Recipe::kCorrections),
            (std::vector<std::vector<float>>{{0, 0, 1}, {1}}));
  EXPECT_THROW(read_targets(dataset, Recipe::kCloningEverything), Error);
  fs::remove_all(dataset);
}

}  // namespace
}  // namespace gyre::flywheel
