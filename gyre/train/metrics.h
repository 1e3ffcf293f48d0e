#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "gyre/train/event_file.h"

namespace gyre::train {

// Scalars over steps, twice: `metrics.jsonl` (an object a line) and TensorBoard's events.
class MetricsLog {
 public:
  // Goes on in `folder` from `first_step`: lines of that step and later, of a run that ended
  // between two checkpoints, are dropped. Throws Error.
  MetricsLog(const std::filesystem::path& folder, int64_t first_step);

  void write(int64_t step, const std::map<std::string, double>& scalars);

 private:
  std::filesystem::path path_;
  EventFile events_;
};

}  // namespace gyre::train
