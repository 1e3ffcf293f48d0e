#pragma once

#include <filesystem>

#include "gyre/policy/folder_content.h"
#include "gyre/policy/folder_options.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// An openpi folder of PyTorch weights: perhaps a config.json, perhaps assets/<id>/norm_stats.json.
// What it does not say comes from `given`. Throws Error naming file, field or missing flag.
FolderContent read_openpi_folder(const std::filesystem::path& folder, const StoredTensors& tensors,
                                 const FolderOptions& given);

}  // namespace gyre
