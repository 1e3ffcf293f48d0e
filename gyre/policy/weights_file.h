#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "gyre/io/safetensors.h"
#include "gyre/policy/folder_kind.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/tensor_table.h"

namespace gyre {

// Writes the numbers of a tensor, by the graph's name, in `type` into `bytes`.
using FillTensor =
    std::function<void(const TensorSpec& tensor, io::Dtype type, std::span<std::byte> bytes)>;

// Writes FOLDER/model.safetensors of a π0 or π0.5 with the whole key set of its layout, the
// expert's unused text head too: kLeRobot with the prefix `model.` and both word embedding and text
// head, kOpenpi without and with one of them, where they are tied. F32 or BF16. Tensor by tensor:
// memory is that of the largest one. `progress` hears the bytes written so far and in all.
// Throws Error when the folder is not empty or the disk too small.
void write_weights(const std::filesystem::path& folder, const ModelConfig& config,
                   FolderKind layout, io::Dtype type, const FillTensor& fill,
                   const std::function<void(uint64_t, uint64_t)>& progress = {});

// To the nearest, ties to even; a NaN stays one.
uint16_t bfloat16_of(float value);

}  // namespace gyre
