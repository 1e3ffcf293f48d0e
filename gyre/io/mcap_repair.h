#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gyre/io/file.h"
#include "gyre/io/mcap_scan.h"

namespace gyre::io {

struct McapRepair {
  uint64_t chunks = 0, attachments = 0;      // kept
  std::map<std::string, uint64_t> messages;  // kept, by topic
  std::vector<McapLoss> losses;              // of `in`
  bool was_complete = false;
};

// Writes what of `in` is whole to `out` as a complete file: chunks as they are stored, message
// indexes and summary anew. `out` appears whole or not at all. Records of kinds that the format
// does not name are left out. Throws Error when `in` is not an MCAP file or `out` cannot be
// written, and Interrupted when `stop` says so.
McapRepair repair_mcap(const std::filesystem::path& in, const std::filesystem::path& out,
                       FileCalls& calls = FileCalls::system(),
                       const std::function<bool()>& stop = {});

}  // namespace gyre::io
