#pragma once

#include <string>
#include <string_view>

namespace gyre {

// Code points of a text and back. Throws Error for bytes that are no UTF-8 and for numbers that are
// no code points.
std::u32string from_utf8(std::string_view bytes);
std::string to_utf8(std::u32string_view text);

}  // namespace gyre
