#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// What the tools of `gyre data` cost on a dataset of many episodes, without pictures.
namespace gyre::verify {

struct DataScale {
  int64_t episodes = 10'000, frames = 5'000'000;
  uint64_t seed = 1;
};

// Writes such a dataset: six joints at 50 Hz, episodes of different lengths that are `frames` in
// all. Throws Error as DatasetWriter does.
void write_scale_dataset(const std::filesystem::path& folder, const DataScale& scale,
                         const std::function<void(int64_t done, int64_t total)>& progress = {},
                         const std::function<bool()>& stop = {});

// One process of `program`: its seconds, largest memory in MiB and exit code.
struct Measured {
  double seconds = 0, memory_mib = 0;
  int exit_code = 0;
};
Measured measure_program(const std::filesystem::path& program,
                         const std::vector<std::string>& arguments);

struct ScaleWatch {
  std::function<void(int64_t done, int64_t total)> writing, running;  // of episodes, of runs
  std::function<bool()> stop;
};

// Makes the dataset in `folder` (a new one) and runs each tool on it three times, in processes of
// their own. One object: the median of the seconds and the largest memory in MiB of each under
// "tools", beside the reach.
nlohmann::json measure_data_scale(const std::filesystem::path& program,
                                  const std::filesystem::path& folder, const DataScale& scale,
                                  const ScaleWatch& watch = {});

}  // namespace gyre::verify
