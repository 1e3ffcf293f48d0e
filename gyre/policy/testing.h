#pragma once

#include <filesystem>

#include "tests/source_dir.h"

// Shared by the tests of this folder.
namespace gyre {

inline const std::filesystem::path kRoot = source_dir();
inline const std::filesystem::path kGolden = kRoot / "tests/golden";
inline const std::filesystem::path kMisc = kGolden / "misc";

}  // namespace gyre
