#pragma once

#include <filesystem>
#include <string_view>

namespace gyre::io {

// A repository that was cloned without Git LFS holds, in place of each large file, a text of three
// lines that names it.
bool is_lfs_pointer(std::string_view text);
// False where the file cannot be read.
bool is_lfs_pointer(const std::filesystem::path& file);
// An Error that names the file and the remedy.
[[noreturn]] void throw_lfs_pointer(const std::filesystem::path& file);

}  // namespace gyre::io
