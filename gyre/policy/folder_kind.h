#pragma once

#include <filesystem>
#include <string_view>

namespace gyre {

// Who wrote a checkpoint folder.
enum class FolderKind {
  kGyre,     // config.json as ModelConfig, gyre.json
  kLeRobot,  // config.json with type pi0, pi05 or pi0_fast
  kOpenpi,   // model.safetensors, no type in config.json, or no config.json
};

std::string_view folder_kind_name(FolderKind kind);  // "Gyre", "LeRobot", "openpi"

// Throws Error for a folder that is none of them; where it is a known layout that does not open
// here (JAX, PEFT adapter, sharded, distributed), the error says how to convert it.
FolderKind folder_kind(const std::filesystem::path& folder);

}  // namespace gyre
