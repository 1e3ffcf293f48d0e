#pragma once

#include <string>

#include "gyre/infer/engine.h"
#include "gyre/policy/folder_options.h"
#include "gyre/serve/policy_table.h"

// Shared by `gyre serve` and `gyre bench serve`.
namespace gyre::apps {

int serve_workers();  // one for each processor

// Opens policy folders for a server. A folder that another project wrote takes the contract of
// `embodiment`, "" for none.
serve::PolicyTable::Open engine_opener(std::string embodiment, FolderOptions given,
                                       infer::EngineOptions options);

}  // namespace gyre::apps
