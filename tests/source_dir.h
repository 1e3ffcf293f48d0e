#pragma once

#include <filesystem>

namespace gyre {

// The root of the tree that a test was built from. It is a function, so that the path stands in one
// object file and the same sources in another folder need not be compiled again.
std::filesystem::path source_dir();

}  // namespace gyre
