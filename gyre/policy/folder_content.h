#pragma once

#include <string>
#include <vector>

#include "gyre/policy/model_config.h"
#include "gyre/policy/processors.h"

namespace gyre {

// What a folder of another project says of its policy, with what the flags add.
struct FolderContent {
  ModelConfig config;
  Processors processors;
  std::vector<std::string> warnings;
};

}  // namespace gyre
