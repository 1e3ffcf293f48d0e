#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "gyre/policy/folder_content.h"
#include "gyre/policy/folder_options.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// A LeRobot folder: `config` is the content of its config.json (type pi0, pi05 or pi0_fast); reads
// policy_preprocessor.json and policy_postprocessor.json with the state files that they name. When
// the type and the tensors disagree, the tensors win. Folders of an older LeRobot open too
// (policy/old_lerobot.h). Throws Error naming file and field.
FolderContent read_lerobot_folder(const std::filesystem::path& folder,
                                  const nlohmann::ordered_json& config,
                                  const StoredTensors& tensors, const FolderOptions& given);

}  // namespace gyre
