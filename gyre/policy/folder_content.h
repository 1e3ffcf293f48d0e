#pragma once

#include <string>
#include <vector>

#include "gyre/policy/model_config.h"
#include "gyre/policy/processors.h"

namespace gyre {

// The policy in another project's folder, completed by the flags.
struct FolderContent {
  ModelConfig config;
  Processors processors;
  std::vector<std::string> warnings;
};

}  // namespace gyre
