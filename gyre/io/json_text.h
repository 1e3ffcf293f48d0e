#pragma once

#include <filesystem>
#include <string>

namespace gyre::io {

// Deepest nesting of lists and objects that is let through: what follows values down to their ends
// would run out of stack far below a file's worst.
inline constexpr int kDeepestJson = 100;

// JSON as other programs write it, made standard: without a byte order mark, and with null for
// NaN, Infinity and -Infinity (Python's json writes them) and for numbers beyond a double's range.
// Text in strings stays as it is. Throws Error naming `where` for values that lie too deep.
std::string standard_json(std::string text, const std::string& where);

// The same for a whole file. Throws Error naming it when it cannot be read or is a Git LFS pointer.
std::string read_json_text(const std::filesystem::path& file);

}  // namespace gyre::io
