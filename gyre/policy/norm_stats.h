#pragma once

#include <filesystem>
#include <optional>

#include "gyre/core/stats.h"

namespace gyre {

// The statistics of states and actions that a normaliser takes; the entries that a file does not
// hold stay empty.
struct NormStats {
  std::optional<Stats> state, action;
};

// openpi's norm_stats.json, or a LeRobot dataset's meta/stats.json. Throws Error.
NormStats read_norm_stats(const std::filesystem::path& json_file);

// A LeRobot processor's state file: tensors `observation.state.mean`, `action.q99` and so on.
// Throws Error naming file and tensor.
NormStats read_processor_state(const std::filesystem::path& safetensors_file);

}  // namespace gyre
