#include "gyre/verify/measure_labels.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/data/testing.h"

namespace gyre::verify {
namespace {

TEST(MeasureLabels, CountsWhatItWroteAndFoundAgain) {
  const data::testing::TemporaryFolder folder;
  const LabelScale scale{
      .labels = 240, .streams = 3, .episodes = 8, .queries = 5, .folder = folder / "labels"};
  const nlohmann::json json = measure_labels(scale);
  EXPECT_EQ(json["labels"], 240);
  EXPECT_EQ(json["found"], 5 * 30) << "each question finds the labels of one episode";
  EXPECT_GT(json["add_s"], 0);
  EXPECT_FALSE(std::filesystem::exists(scale.folder));
  std::filesystem::create_directory(scale.folder);
  EXPECT_THROW(measure_labels(scale), Error);
}

}  // namespace
}  // namespace gyre::verify
