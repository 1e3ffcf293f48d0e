#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace gyre::apps {

struct Converted {
  int64_t episodes = 0, frames = 0;
  int64_t left_out = 0;    // episodes that broke off or are damaged
  int64_t lost_bytes = 0;  // of the journal, that are no whole record
  std::string hash;        // of the dataset
};

// Makes a dataset folder of a journal's episodes, or appends them to one. Those that broke off or
// are damaged are left out. Throws Error; the journal is never changed, the folder stays as it was.
Converted convert_journal(const std::filesystem::path& journal, const std::filesystem::path& out);

}  // namespace gyre::apps
