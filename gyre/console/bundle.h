#pragma once

#include <span>
#include <string_view>

namespace gyre::console {

// A file of the page, as it was built into the program.
struct BundleFile {
  std::string_view path;  // "/console.js"; the page itself is "/"
  std::string_view type;  // of its content
  std::string_view content;
};

// All files of console/dist/.
std::span<const BundleFile> bundle();

}  // namespace gyre::console
