#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "gyre/io/safetensors.h"
#include "gyre/policy/model_config.h"

namespace gyre {

// Writes a LeRobot folder (config.json, model.safetensors) of a π0 or π0.5 with random weights: to
// measure with, and to train from. Every number N(0, 0.02), SigLIP's norms about 1; the same for
// the same seed on every machine. Tensor by tensor: memory is that of the largest one. `type` is
// F32 or BF16; `progress` hears the bytes written so far and in all. Throws Error when the folder
// is not empty or the disk too small.
void write_initial_folder(const ModelConfig& config, uint64_t seed, io::Dtype type,
                          const std::filesystem::path& folder,
                          const std::function<void(uint64_t, uint64_t)>& progress = {});

}  // namespace gyre
