#pragma once

#include <filesystem>

#include "gyre/verify/golden_report.h"

namespace gyre::verify {

// True for a folder of golden arrays of processors: normalisers, prompts, pictures, statistics,
// schedules, action tokens (layout and conventions: tests/golden/README.md).
bool holds_processor_arrays(const std::filesystem::path& folder);

// Computes every array and text of the folder and compares; booleans, integers, bytes and texts
// exactly (a text's max_abs counts those that differ). What has no rule or no counterpart is in the
// report as not ok. Throws Error where files are damaged.
GoldenReport compare_processors(const std::filesystem::path& folder);

}  // namespace gyre::verify
