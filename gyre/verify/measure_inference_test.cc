#include "gyre/verify/measure_inference.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "gyre/infer/reference.h"
#include "gyre/policy/initial_folder.h"
#include "tests/source_dir.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;

// One channel of every matrix is 30 times as large. Were its weights quantised as they are, the
// cosine of the chunk in int8 would be 0.998.
TEST(MeasureInference, ALargeChannelCostsQuantisedWeightsLittle) {
  const ModelConfig config = Checkpoint::open(source_dir() / "tests/golden/pi0").config;
  const fs::path folder = fs::temp_directory_path() / ("gyre_large_" + std::to_string(getpid()));
  write_initial_folder(config, {.seed = 1, .outliers = true}, folder);
  const auto actions = [&](const char* precision) {
    const auto row = measure_inference({.weights = folder / "model.safetensors",
                                        .config = config,
                                        .engine = {.precision = precision},
                                        .repetitions = 1});
    return row.at("actions").get<std::vector<float>>();
  };
  const InferInputs given =
      infer_inputs({.weights = folder / "model.safetensors", .config = config});
  const auto right =
      infer::reference_chunk(config, folder / "model.safetensors", given.images, given.mask,
                             given.tokens, given.states, given.noise, given.steps);
  const std::vector<float> exact = actions("f32");
  ASSERT_EQ(exact.size(), right.size());
  for (size_t i = 0; i < right.size(); ++i) EXPECT_NEAR(exact[i], right[i], 1e-4) << i;
  const auto cosine_to_right = [&](const std::vector<float>& x) {
    double dot = 0, own = 0, other = 0;
    for (size_t i = 0; i < right.size(); ++i) {
      dot += static_cast<double>(x[i]) * right[i];
      own += static_cast<double>(x[i]) * x[i];
      other += static_cast<double>(right[i]) * right[i];
    }
    return dot / std::sqrt(own * other);
  };
  EXPECT_GE(cosine_to_right(actions("int12")), 0.99999);
  EXPECT_GE(cosine_to_right(actions("int8")), 0.9998);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gyre::verify
