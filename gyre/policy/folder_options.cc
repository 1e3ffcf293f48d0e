#include "gyre/policy/folder_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gyre/core/error.h"

namespace gyre {

void MissingFlags::require_none() const {
  if (missing_.empty()) return;
  throw Error(folder_.string(), "does not hold all that its policy needs",
              fmt::format("give {}", fmt::join(missing_, ", ")));
}

void MissingFlags::contradiction(std::string_view flag) const {
  throw Error(folder_.string(), fmt::format("holds another value than {}", flag),
              "leave the flag out");
}

}  // namespace gyre
