#pragma once

#include <filesystem>
#include <string>

#include "gyre/core/error.h"

// What the tests of this folder share.
namespace gyre {

inline const std::filesystem::path kRoot = GYRE_SOURCE_DIR;
inline const std::filesystem::path kGolden = kRoot / "tests/golden";
inline const std::filesystem::path kMisc = kGolden / "misc";

// What the Error says that `action` throws; nothing when it throws none.
std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace gyre
