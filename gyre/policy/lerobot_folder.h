#pragma once

#include <filesystem>

#include "gyre/policy/folder_content.h"
#include "gyre/policy/folder_options.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// A LeRobot folder: config.json with type pi0, pi05 or pi0_fast, policy_preprocessor.json and
// policy_postprocessor.json with the state files that they name. Where the type and the tensors
// disagree, the tensors win. Throws Error naming file and field.
FolderContent read_lerobot_folder(const std::filesystem::path& folder, const StoredTensors& tensors,
                                  const FolderOptions& given);

}  // namespace gyre
