#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace gyre::faults {

// What a journal of the recorder holds.
struct Inspection {
  int64_t newest = -1;  // tick of the newest Step; -1: none
  int64_t steps = 0;
  // Pictures and Steps that are not what their tick says, or 1 for ticks that are missing before
  // others without a loss that is told.
  int64_t misaligned = 0;
  std::string error;  // why it cannot be read; "" also where nothing whole is there
};
Inspection inspect(const std::filesystem::path& folder);

}  // namespace gyre::faults
