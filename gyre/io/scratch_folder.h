#pragma once

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "gyre/io/file.h"

namespace gyre::io {

// A folder below the system's folder for temporary files, removed at the end of the scope.
class ScratchFolder {
 public:
  // Throws Error naming the folder when it cannot be made.
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gyre_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw_file_error(pattern, "create", errno);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace gyre::io
