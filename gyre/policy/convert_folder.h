#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"

namespace gyre {

// Writes a π0 or π0.5 of LeRobot's or openpi's layout anew: `layout` kLeRobot or kOpenpi, weights
// in `type` (F32 or BF16), with configuration, normaliser and vocabulary. Tensor by tensor: memory
// is that of the largest one, and of the source no page stays. `progress` hears the bytes written
// so far and in all. Returns what the new layout cannot say, a line each, for a person. Throws
// Error when the target is not empty, the disk too small, or the layout cannot hold it.
std::vector<std::string> convert_folder(
    const Checkpoint& from, FolderKind layout, io::Dtype type, const std::filesystem::path& to,
    const std::function<void(uint64_t, uint64_t)>& progress = {});

}  // namespace gyre
