#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

namespace gyre {

// The project that wrote a checkpoint folder.
enum class FolderKind {
  kGyre,     // config.json as ModelConfig, gyre.json
  kLeRobot,  // config.json with type pi0, pi05 or pi0_fast
  kOpenpi,   // model.safetensors, no type in config.json, or no config.json
};

std::string_view folder_kind_name(FolderKind kind);  // "Gyre", "LeRobot", "openpi"

struct FolderConfig {
  FolderKind kind = FolderKind::kGyre;
  nlohmann::ordered_json config;  // content of config.json; {} when openpi wrote none
};

// Reads config.json and finds the project that wrote the folder. Throws Error for a folder that is
// none of these; for a known layout that does not open here (JAX, PEFT adapter, sharded,
// distributed) the error explains how to convert it.
FolderConfig read_folder_config(const std::filesystem::path& folder);

}  // namespace gyre
