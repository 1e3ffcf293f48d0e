#include "gyre/io/lfs_pointer.h"

#include <array>
#include <fstream>
#include <system_error>

#include "gyre/core/error.h"

namespace gyre::io {
namespace {

constexpr std::string_view kPointerBegins = "version https://git-lfs.github.com/spec/";
constexpr uintmax_t kLargestPointer = 1024;  // bytes, says the specification

}  // namespace

bool is_lfs_pointer(std::string_view text) {
  return text.size() < kLargestPointer && text.starts_with(kPointerBegins);
}

bool is_lfs_pointer(const std::filesystem::path& file) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown) ||
      std::filesystem::file_size(file, unknown) >= kLargestPointer || unknown) {
    return false;
  }
  std::array<char, kPointerBegins.size()> start{};
  std::ifstream in(file, std::ios::binary);
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  return is_lfs_pointer(std::string_view(start.data(), static_cast<size_t>(in.gcount())));
}

void throw_lfs_pointer(const std::filesystem::path& file) {
  throw Error(file.string(), "is a Git LFS pointer, not the file that it names",
              "fetch the file with `git lfs pull`");
}

}  // namespace gyre::io
