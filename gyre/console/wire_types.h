#pragma once

#include <string>

namespace gyre::console {

// TypeScript interfaces of the structs of wire.h: the text of console/src/wire.ts.
std::string wire_types();

}  // namespace gyre::console
