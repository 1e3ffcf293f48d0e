#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "gyre/policy/folder_options.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// Head counts cannot be read from tensor shapes.
struct HeadCounts {
  std::optional<int> heads, vision_heads;
};

// The counts in a config.json's `tiny_dims`.
HeadCounts stated_heads(const nlohmann::json& config);

// Derives the policy's type (π0, π0.5, or π0-FAST: no expert, and `type` is pi0_fast or "") and
// every dimension from the tensors. Head counts come from the folder, from the published sizes when
// the tensors have those, or from the flags; all else keeps its default. Throws Error naming every
// missing tensor; adds the flags that are needed to `missing`.
ModelConfig config_from_tensors(const StoredTensors& tensors, const HeadCounts& in_folder,
                                std::string_view type, const FolderOptions& given,
                                MissingFlags& missing);

}  // namespace gyre
