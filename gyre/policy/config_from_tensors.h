#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "gyre/policy/folder_options.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {

// What shapes do not tell.
struct HeadCounts {
  std::optional<int> heads, vision_heads;
};

// Those that a config.json states beside a variant's name, in `tiny_dims`.
HeadCounts stated_heads(const nlohmann::json& config);

// π0, π0.5 or (no expert, and `type` is pi0_fast or unsaid, "") π0-FAST, and every dimension, from
// the tensors; head counts from `said` (the folder), from the published sizes where the tensors
// have those, or from the flags. The rest of the configuration stands at its defaults. Throws Error
// naming every tensor that is needed and missing; adds the flags that are needed to `unsaid`.
ModelConfig config_from_tensors(const StoredTensors& tensors, const HeadCounts& said,
                                std::string_view type, const FolderOptions& given, Unsaid& unsaid);

}  // namespace gyre
