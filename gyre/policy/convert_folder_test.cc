#include "gyre/policy/convert_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/policy/testing.h"
#include "gyre/policy/weights_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using Shapes = std::map<std::string, std::vector<int64_t>>;

Shapes shapes_of(const fs::path& file) {
  Shapes shapes;
  const auto stored = io::SafeTensors::open(file);
  for (const auto& [name, view] : stored.tensors()) shapes[name] = view.shape;
  return shapes;
}

void expect_same_bytes(const fs::path& ours, const fs::path& theirs) {
  const auto a = io::SafeTensors::open(ours), b = io::SafeTensors::open(theirs);
  ASSERT_EQ(shapes_of(ours), shapes_of(theirs));
  for (const auto& [name, view] : b.tensors()) {
    const auto& other = a.at(name);
    EXPECT_TRUE(std::ranges::equal(view.bytes, other.bytes)) << name;
  }
}

class ConvertFolderTest : public testing::TestWithParam<std::string> {
 protected:
  ConvertFolderTest() { fs::create_directories(work_); }
  ~ConvertFolderTest() override { fs::remove_all(work_); }

  fs::path work_ = fs::temp_directory_path() / ("gyre_convert_" + std::to_string(getpid()));
  fs::path golden_ = kGolden / GetParam();
};

// The golden weights lie there in both layouts, written by the projects' own code.
TEST_P(ConvertFolderTest, BothLayoutsAreThoseOfTheProjects) {
  convert_folder(Checkpoint::open(golden_), FolderKind::kOpenpi, io::Dtype::kF32, work_ / "openpi");
  expect_same_bytes(work_ / "openpi/model.safetensors",
                    golden_ / "model_openpi_layout.safetensors");
  EXPECT_EQ(io::SafeTensors::open(work_ / "openpi/model.safetensors").metadata(),
            io::SafeTensors::open(golden_ / "model_openpi_layout.safetensors").metadata());
  const Checkpoint openpi = Checkpoint::open(work_ / "openpi");
  EXPECT_EQ(openpi.kind, FolderKind::kOpenpi);
  convert_folder(openpi, FolderKind::kLeRobot, io::Dtype::kF32, work_ / "lerobot");
  expect_same_bytes(work_ / "lerobot/model.safetensors", golden_ / "model.safetensors");
  const Checkpoint back = Checkpoint::open(work_ / "lerobot");
  EXPECT_EQ(back.kind, FolderKind::kLeRobot);
  EXPECT_EQ(back.config.horizon, Checkpoint::open(golden_).config.horizon);
  EXPECT_EQ(back.config.language.heads, Checkpoint::open(golden_).config.language.heads);
}

TEST_P(ConvertFolderTest, NormalisersGoAlong) {
  Checkpoint from = Checkpoint::open(golden_);
  Stats stats;
  stats.mean = {1, 2, 3};
  stats.std = {4, 5, 6};
  stats.q01 = {-1, -2, -3};
  stats.q99 = {7, 8, 9};
  from.processors->state = from.processors->action = stats;
  from.processors->asset = "arm";
  convert_folder(from, FolderKind::kOpenpi, io::Dtype::kF32, work_ / "openpi");
  EXPECT_TRUE(fs::exists(work_ / "openpi/assets/arm/norm_stats.json"));
  const Checkpoint openpi = Checkpoint::open(work_ / "openpi");
  convert_folder(openpi, FolderKind::kLeRobot, io::Dtype::kF32, work_ / "lerobot");
  for (const Checkpoint& each : {openpi, Checkpoint::open(work_ / "lerobot")}) {
    ASSERT_TRUE(each.processors->state && each.processors->action);
    EXPECT_EQ(each.processors->state->std, stats.std);
    EXPECT_EQ(each.processors->action->q99, stats.q99);
    EXPECT_EQ(each.processors->state_norm, from.processors->state_norm);
  }
}

TEST_P(ConvertFolderTest, RoundsToBfloat16AndRefusesWhatItCannotDo) {
  const Checkpoint from = Checkpoint::open(golden_);
  convert_folder(from, FolderKind::kLeRobot, io::Dtype::kBF16, work_ / "half");
  const auto half = io::SafeTensors::open(work_ / "half/model.safetensors");
  const auto whole = io::SafeTensors::open(golden_ / "model.safetensors");
  for (const auto& [name, view] : half.tensors()) {
    ASSERT_EQ(view.dtype, io::Dtype::kBF16) << name;
    const auto a = view.to_floats(), b = whole.at(name).to_floats();
    for (size_t i = 0; i < a.size(); ++i) {
      ASSERT_LE(std::abs(a[i] - b[i]), std::abs(b[i]) / 256) << name;
    }
  }
  EXPECT_THROW(convert_folder(from, FolderKind::kLeRobot, io::Dtype::kF32, work_ / "half"), Error)
      << "not empty";
  Checkpoint untied = from;
  untied.config.tied_embedding = false;
  EXPECT_THROW(convert_folder(untied, FolderKind::kOpenpi, io::Dtype::kF32, work_ / "untied"),
               Error);
}

INSTANTIATE_TEST_SUITE_P(All, ConvertFolderTest, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

// Golden dimensions, so that its key set is that of the project's own module.
TEST(InitialFolder, HasTheWholeKeySetOfLeRobot) {
  const fs::path folder = fs::temp_directory_path() / ("gyre_initial_" + std::to_string(getpid()));
  for (const std::string type : {"pi0", "pi05"}) {
    const ModelConfig config = Checkpoint::open(kGolden / type).config;
    write_initial_folder(config, {.seed = 1, .type = io::Dtype::kBF16}, folder);
    EXPECT_EQ(shapes_of(folder / "model.safetensors"),
              shapes_of(kGolden / type / "model.safetensors"));
    EXPECT_TRUE(Checkpoint::open(folder).config.tied_embedding);
    fs::remove_all(folder);
  }
}

TEST(InitialFolder, OutliersAreWholeInputChannels) {
  const fs::path folder = fs::temp_directory_path() / ("gyre_outliers_" + std::to_string(getpid()));
  const ModelConfig config = Checkpoint::open(kGolden / "pi05").config;
  write_initial_folder(config, {.seed = 1, .outliers = true}, folder);
  const auto file = io::SafeTensors::open(folder / "model.safetensors");
  const auto& matrix =
      file.at("model.paligemma_with_expert.gemma_expert.model.layers.0.mlp.up_proj.weight");
  const std::vector<float> values = matrix.to_floats();
  const auto columns = static_cast<size_t>(matrix.shape[1]);
  int large = 0;
  for (size_t c = 0; c < columns; ++c) {
    double square = 0;
    for (size_t i = c; i < values.size(); i += columns) square += values[i] * values[i];
    const double deviation = std::sqrt(square * static_cast<double>(columns) / values.size());
    if (deviation > 0.3) ++large;
    EXPECT_TRUE(deviation > 0.3 || deviation < 0.05) << c;
  }
  EXPECT_EQ(large, 1);
  fs::remove_all(folder);
}

TEST(Bfloat16, RoundsToEvenAndKeepsNan) {
  EXPECT_EQ(bfloat16_of(1.0F), 0x3f80);
  EXPECT_EQ(bfloat16_of(1.0F + 1.0F / 256), 0x3f80) << "a tie goes to the even one";
  EXPECT_EQ(bfloat16_of(1.0F + 3.0F / 256), 0x3f82);
  EXPECT_EQ(bfloat16_of(-std::numeric_limits<float>::infinity()), 0xff80);
  EXPECT_EQ(bfloat16_of(std::numeric_limits<float>::quiet_NaN()) & 0x7fc0, 0x7fc0);
}

}  // namespace
}  // namespace gyre
