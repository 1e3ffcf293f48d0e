#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "gyre/policy/folder_options.h"

namespace gyre::apps {

// Adds one flag for each of FolderOptions; `options` must live as long as the program.
void add_folder_flags(CLI::App& verb, FolderOptions& options);

// "warning: ..." on standard error, a line each.
void print_warnings(const std::vector<std::string>& warnings);

// The recorded cameras that --camera-names names.
std::vector<std::string> recorded_cameras(const FolderOptions& options);

}  // namespace gyre::apps
