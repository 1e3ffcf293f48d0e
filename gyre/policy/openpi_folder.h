#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "gyre/policy/folder_content.h"
#include "gyre/policy/folder_options.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// An openpi folder of PyTorch weights: `config` is the content of its config.json, {} without one;
// reads assets/<id>/norm_stats.json where there is one. `given` completes it. Throws Error naming
// file, field or missing flag.
FolderContent read_openpi_folder(const std::filesystem::path& folder, const nlohmann::json& config,
                                 const StoredTensors& tensors, const FolderOptions& given);

}  // namespace gyre
