#pragma once

#include <filesystem>

#include "gyre/io/safetensors.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/processors.h"

namespace gyre {

// config.json and assets/<id>/norm_stats.json as openpi has them; where it says nothing (the state
// in the prompt, a π0-FAST's room), with keys of its own. Atomic each. Throws Error.
void write_openpi_files(const std::filesystem::path& folder, const ModelConfig& config,
                        const Processors& processors, io::Dtype type);

}  // namespace gyre
