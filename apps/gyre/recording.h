#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace gyre::apps {

struct Converted {
  int64_t episodes = 0, frames = 0;
  std::string hash;  // of the dataset
};

// Makes a dataset folder of a journal's episodes, or appends them to one. Those that broke off are
// left out. Throws Error; the journal is never changed, the folder stays as it was.
Converted convert_journal(const std::filesystem::path& journal, const std::filesystem::path& out);

}  // namespace gyre::apps
