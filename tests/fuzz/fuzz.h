#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

// A fuzz target gives these two. It reads the bytes as its parser would read a file; the only thing
// that may leave it is nothing: gyre::Error is caught by reject(), anything else is a bug.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// Whole inputs that the parser takes: what the search begins with.
std::vector<std::string> fuzz_seeds();

namespace gyre::fuzz {

// The bytes as a file in memory.
class MemoryFile {
 public:
  MemoryFile(const uint8_t* data, size_t size);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const;

 private:
  int descriptor_;
};

// Runs `parse`; a gyre::Error is a parser's good answer to bad bytes.
void reject(const auto& parse);

std::string text_of(const std::filesystem::path& file);  // of the source tree

}  // namespace gyre::fuzz

#include "gyre/core/error.h"

void gyre::fuzz::reject(const auto& parse) {
  try {
    parse();
  } catch (const Error&) {
  }
}
