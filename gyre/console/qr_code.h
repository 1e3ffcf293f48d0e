#pragma once

#include <string>

namespace gyre::console {

// A QR code for a terminal: each character is two modules, one above the other, with a quiet zone
// of two. `colours`: black on white by escape codes, whatever the terminal's colours are; without
// them light modules are the blocks, as for a dark terminal. Throws Error for a text that is too
// long.
std::string qr_code(const std::string& text, bool colours);

}  // namespace gyre::console
