#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "gyre/core/progress.h"
#include "gyre/flywheel/process.h"

namespace gyre::flywheel {

// The newest word of a run that goes on, for other programs: <run>/progress.json, replaced whole at
// each stage and at most twice a second between.
//   {process: {pid, started}, stage, stage_s, what, done, total, unit, left_s}
// `left_s` is of the stage's present part, -1 where it is not known; stage "" is the end.
struct RunNews {
  ProcessId process;
  std::string stage;
  double stage_s = 0;  // since it was begun, in this process
  std::string what, unit;
  int64_t done = 0, total = 0;  // total 0: unknown
  double left_s = -1;
};

// None where the file is missing or is no news.
std::optional<RunNews> read_news(const std::filesystem::path& run);

// Writes them. A file that cannot be written is left out: a run does not fail for it.
class RunProgress {
 public:
  explicit RunProgress(const std::filesystem::path& run);
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  void begin(const std::string& stage);

 private:
  using Time = std::chrono::steady_clock::time_point;
  void hear(const ProgressNews& update);
  void write(Time now);

  std::filesystem::path file_;
  RunNews news_;
  Time stage_began_, written_;
  ProgressListener listener_;  // last: it hears once the rest is there
};

}  // namespace gyre::flywheel
