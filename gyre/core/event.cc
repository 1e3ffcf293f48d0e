#include "gyre/core/event.h"

namespace gyre {

std::string_view event_name(const Event& event) {
  constexpr std::array<std::string_view, std::variant_size_v<Event::Body>> kNames = {
      "ordered",       "mode changed", "goal set",        "said",          "episode began",
      "episode ended", "verdict",      "chunk arrived",   "chunk dropped", "inference failed",
      "link rung",     "alarm",        "help asked",      "help given",    "fault",
      "frame lost",    "records lost", "scope overridden"};
  return kNames[event.body.index()];
}

}  // namespace gyre
