#include "tests/fuzz/fuzz.h"
#include "tests/source_dir.h"

#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace gyre::fuzz {

MemoryFile::MemoryFile(const uint8_t* data, size_t size)
    : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor_, data, size);
    if (written <= 0) throw Error("memory file", "cannot be written");
    data += written;
    size -= static_cast<size_t>(written);
  }
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::filesystem::path MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(source_dir() / file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace gyre::fuzz
