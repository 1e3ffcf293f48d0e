#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "gyre/train/event_file.h"

namespace gyre::train {

// Scalars over steps, twice: `metrics.jsonl` (an object a line) and TensorBoard's events.
class MetricsLog {
 public:
  // Continues in `folder` from `first_step`; drops the lines of that step and later, which a run
  // wrote after its last checkpoint. Throws Error.
  MetricsLog(const std::filesystem::path& folder, int64_t first_step);

  // Values that are not finite are left out: readers expect numbers. Throws Error.
  void write(int64_t step, std::map<std::string, double> scalars);

 private:
  std::filesystem::path path_;
  EventFile events_;
};

}  // namespace gyre::train
