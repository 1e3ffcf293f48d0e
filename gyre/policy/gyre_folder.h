#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "gyre/policy/checkpoint.h"

namespace gyre {

// Reads a folder that Gyre wrote: `config` is the content of its config.json; gyre.json holds the
// contracts with their statistics, and `about`. Throws Error naming file and field.
void read_gyre_folder(const std::filesystem::path& folder, const nlohmann::json& config,
                      Checkpoint& checkpoint);

// Writes config.json, gyre.json and the tokenizer, each atomically. Throws Error.
void write_gyre_folder(const std::filesystem::path& folder, const Checkpoint& checkpoint);

}  // namespace gyre
