#include "gyre/core/utf8.h"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "gyre/core/error.h"

namespace gyre {
namespace {

constexpr char32_t kFirstSurrogate = 0xd800, kLastSurrogate = 0xdfff, kLast = 0x10ffff;
constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};  // of so many continuation bytes

bool is_code_point(char32_t c) { return c <= kLast && (c < kFirstSurrogate || c > kLastSurrogate); }

}  // namespace

std::u32string from_utf8(std::string_view bytes) {
  std::u32string text;
  for (size_t at = 0; at < bytes.size();) {
    const auto first = static_cast<uint8_t>(bytes[at]);
    const int ones = std::countl_one(first);
    const size_t more = ones == 0 ? 0 : static_cast<size_t>(ones) - 1;
    bool good = ones != 1 && ones <= 4 && at + more < bytes.size();
    char32_t c = good ? first & (0xff >> (ones == 0 ? 0 : ones + 1)) : 0;
    for (size_t i = 1; good && i <= more; ++i) {
      const auto next = static_cast<uint8_t>(bytes[at + i]);
      good = (next & 0xc0) == 0x80;
      c = c << 6 | (next & 0x3f);
    }
    if (!good || c < kSmallest[more] || !is_code_point(c)) {
      throw Error("text", fmt::format("byte {} is no UTF-8", at));
    }
    text.push_back(c);
    at += more + 1;
  }
  return text;
}

std::string to_utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t c : text) {
    if (!is_code_point(c)) {
      throw Error("text", fmt::format("{} is no code point", static_cast<uint32_t>(c)));
    }
    size_t more = 0;
    while (more < 3 && c >= kSmallest[more + 1]) ++more;
    const auto lead = more == 0 ? 0U : 0xff00U >> (more + 1) & 0xffU;
    bytes.push_back(static_cast<char>(lead | c >> (6 * more)));
    while (more-- > 0) bytes.push_back(static_cast<char>(0x80U | (c >> (6 * more) & 0x3fU)));
  }
  return bytes;
}

}  // namespace gyre
