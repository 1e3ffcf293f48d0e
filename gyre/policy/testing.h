#pragma once

#include <filesystem>

// Shared by the tests of this folder.
namespace gyre {

inline const std::filesystem::path kRoot = GYRE_SOURCE_DIR;
inline const std::filesystem::path kGolden = kRoot / "tests/golden";
inline const std::filesystem::path kMisc = kGolden / "misc";

}  // namespace gyre
