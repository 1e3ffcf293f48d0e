#include "gyre/core/step.h"

#include <array>

#include "gyre/core/error.h"

namespace gyre {
namespace {
constexpr std::array<std::string_view, 4> kNames = {"policy", "human", "expert", "fallback"};
}

std::string_view source_name(Source source) { return kNames[static_cast<size_t>(source)]; }

Source source_from_name(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Source>(i);
  }
  throw Error("source", "'" + std::string(name) + "' is unknown",
              "it is one of policy, human, expert, fallback");
}

}  // namespace gyre
