#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gyre/core/stats.h"
#include "gyre/io/safetensors.h"

namespace gyre {

// The statistics of states and actions that a normaliser takes; the entries that a file does not
// hold stay empty.
struct NormStats {
  std::optional<Stats> state, action;
};

// How many fields statistics are of, whichever of them there are.
size_t width_of(const Stats& stats);

// openpi's norm_stats.json, or a LeRobot dataset's meta/stats.json. Throws Error.
NormStats read_norm_stats(const std::filesystem::path& json_file);

// The statistics `<feature>.mean`, `<feature>.q99` and so on of a file; nothing when it holds none.
// Throws Error naming file and tensor.
std::optional<Stats> stats_of_tensors(const io::SafeTensors& file, const std::string& feature);

// A LeRobot processor's state file: tensors `observation.state.mean`, `action.q99` and so on.
// Throws Error naming file and tensor.
NormStats read_processor_state(const std::filesystem::path& safetensors_file);

}  // namespace gyre
