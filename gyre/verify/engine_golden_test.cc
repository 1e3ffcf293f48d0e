#include "gyre/verify/engine_golden.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "gyre/infer/cpu/kernels.h"
#include "gyre/io/safetensors.h"
#include "tests/source_dir.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using infer::cpu::Target;

const fs::path kGolden = source_dir() / "tests/golden";

TEST(EngineGolden, ChunksOfEveryPrecisionOnEveryTarget) {
  for (const Target target : infer::cpu::kTargets) {
    if (!infer::cpu::supported(target)) continue;
    const std::string name(infer::cpu::target_name(target));
    for (const char* folder : {"pi0", "pi05"}) {
      for (const std::string& precision : infer::cpu::precision_names()) {
        const fs::path golden = kGolden / folder;
        const GoldenReport report = compare_engine(Checkpoint::open(golden), golden,
                                                   {.precision = precision, .target = name});
        EXPECT_GE(report.arrays.size(), 9u);
        EXPECT_TRUE(std::ranges::any_of(report.arrays, &GoldenArray::judged)) << precision;
        for (const GoldenArray& array : report.arrays) {
          EXPECT_TRUE(array.ok) << name << " " << folder << " " << precision << " " << array.name
                                << ": " << array.max_abs << " of " << array.bound << ", cosine "
                                << array.cosine.value_or(0);
        }
      }
    }
  }
}

// The output of the actions is turned round.
TEST(EngineGolden, AWrongWeightIsSeenInEveryPrecision) {
  const fs::path folder = fs::temp_directory_path() / ("gyre_wrong_" + std::to_string(getpid()));
  fs::copy(kGolden / "pi05", folder);
  const io::SafeTensors right = io::SafeTensors::open(kGolden / "pi05/model.safetensors");
  std::vector<io::TensorHeader> headers;
  for (const auto& [name, view] : right.tensors())
    headers.push_back({name, view.dtype, view.shape});
  std::vector<float> turned;
  io::write_safetensors(folder / "model.safetensors", headers, right.metadata(), [&](size_t i) {
    const io::TensorView& view = right.at(headers[i].name);
    if (headers[i].name.find("action_out_proj.weight") == std::string::npos) return view.bytes;
    turned = view.to_floats();
    for (float& value : turned) value = -value;
    return std::as_bytes(std::span<const float>(turned));
  });
  for (const std::string& precision : infer::cpu::precision_names()) {
    EXPECT_FALSE(compare_engine(Checkpoint::open(folder), folder, {.precision = precision}).ok())
        << precision;
  }
  fs::remove_all(folder);
}

TEST(EngineGolden, AReportThatJudgesNothingIsNotOk) {
  GoldenReport report;
  EXPECT_FALSE(report.ok());
  report.arrays.push_back({.name = "reported", .judged = false, .ok = true});
  EXPECT_FALSE(report.ok());
  report.arrays.push_back({.name = "judged", .ok = true});
  EXPECT_TRUE(report.ok());
}

}  // namespace
}  // namespace gyre::verify
