#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "gyre/io/safetensors.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/tokenizer.h"

namespace gyre {

struct InitialWeights {
  uint64_t seed = 0;
  io::Dtype type = io::Dtype::kF32;  // or BF16
  bool outliers = false;  // one input channel of 256 of every matrix is 30 times as large: what
                          // trained policies have, and what quantisation must cope with
};

// Writes a folder of a policy with random weights: to measure with, and to train from; of a π0 or
// π0.5 as LeRobot lays it out, of a nano as Gyre does, with its `vocabulary`. Every number
// N(0, 0.02), SigLIP's norms about 1; the same for the same seed on every machine. Tensor by
// tensor: memory is that of the largest one. `progress` hears the bytes written so far and in all.
// Throws Error when the folder is not empty or the disk too small.
void write_initial_folder(ModelConfig config, const InitialWeights& weights,
                          const std::filesystem::path& folder,
                          std::shared_ptr<const Tokenizer> vocabulary = nullptr,
                          const std::function<void(uint64_t, uint64_t)>& progress = {});

}  // namespace gyre
