#include "gyre/core/utf8.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"

namespace gyre {
namespace {

TEST(Utf8, ThereAndBack) {
  const std::u32string text = {'a', 0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
  EXPECT_EQ(from_utf8(to_utf8(text)), text);
  EXPECT_EQ(to_utf8(U"é机🙂"), "\xc3\xa9\xe6\x9c\xba\xf0\x9f\x99\x82");
}

TEST(Utf8, RefusesWhatIsNone) {
  // A lone continuation, a text cut off, an overlong form, a surrogate, beyond the last.
  for (const char* bytes :
       {"\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_THROW(from_utf8(bytes), Error) << bytes;
  }
  EXPECT_THROW(to_utf8(std::u32string(1, 0xd800)), Error);
}

}  // namespace
}  // namespace gyre
