#pragma once

#include <string>

#include "gyre/core/event.h"

namespace gyre::console {

// An event in words, for a line; "" where its name says it all.
std::string event_text(const Event& event);

// True for what comes several times a second while nothing is wrong.
bool is_routine(const Event& event);

}  // namespace gyre::console
