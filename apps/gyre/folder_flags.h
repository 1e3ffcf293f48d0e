#pragma once

#include <CLI/CLI.hpp>

#include "gyre/policy/folder_options.h"

namespace gyre::apps {

// Adds one flag for each of FolderOptions; `options` must live as long as the program.
void add_folder_flags(CLI::App& verb, FolderOptions& options);

}  // namespace gyre::apps
