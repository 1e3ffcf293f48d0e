#pragma once

#include <filesystem>

#include "gyre/io/safetensors.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/processors.h"

namespace gyre {

// Writes what a LeRobot folder says beside its weights: config.json and, where there are
// statistics or renamed cameras, policy_preprocessor.json and policy_postprocessor.json with their
// state files. Cameras that the user chose become LeRobot's rename_map.
// `type` is that of the weights.
void write_lerobot_files(const std::filesystem::path& folder, const ModelConfig& config,
                         const Processors& processors, io::Dtype type);

// `tiny_dims` of a config.json: the head counts of sizes that were not published; else null.
nlohmann::json unpublished_heads(const ModelConfig& config);

}  // namespace gyre
