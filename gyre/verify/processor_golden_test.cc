#include "gyre/verify/processor_golden.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/error.h"
#include "tests/source_dir.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
const fs::path kMisc = source_dir() / "tests/golden/misc";

TEST(ProcessorGolden, EveryArrayIsWithinItsBound) {
  ASSERT_TRUE(holds_processor_arrays(kMisc));
  const GoldenReport report = compare_processors(kMisc);
  EXPECT_GT(report.arrays.size(), 90U);
  for (const GoldenArray& array : report.arrays) {
    EXPECT_TRUE(array.ok) << array.file << " " << array.name << ": " << array.max_abs << " of "
                          << array.bound << " " << array.note;
  }
}

// An array that someone adds is not passed over.
TEST(ProcessorGolden, WhatHasNoRuleFails) {
  const fs::path folder = fs::path(testing::TempDir()) / "golden_processors";
  fs::remove_all(folder);
  fs::copy(kMisc, folder);
  const fs::path texts = folder / "openpi_misc.json";
  std::string json;
  std::getline(std::ifstream(texts), json, '\0');
  json.insert(json.find('{') + 1, "\"unheard_of\": 1,");
  std::ofstream(texts) << json;
  const GoldenReport report = compare_processors(folder);
  EXPECT_FALSE(report.ok());
  const auto named = [](const GoldenArray& array) { return array.name == "unheard_of"; };
  EXPECT_EQ(std::ranges::count_if(report.arrays, named), 1);

  fs::remove(folder / "tiny_gemma_like.model");
  EXPECT_THROW(compare_processors(folder), Error);
}

}  // namespace
}  // namespace gyre::verify
