#include "gyre/io/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/lfs_pointer.h"

namespace gyre::io {
namespace {

using ::testing::HasSubstr;

TEST(JsonText, NumbersThatAreNotFiniteBecomeNull) {
  EXPECT_EQ(standard_json(R"({"a": [NaN, Infinity, -Infinity, 1.5, -2]})", ""),
            R"({"a": [null, null, null, 1.5, -2]})");
  EXPECT_EQ(standard_json("[nan,inf,-inf]", ""), "[null,null,null]");
  EXPECT_EQ(standard_json("[1e999, -1e999, 1e3, 1E-999]", ""), "[null, null, 1e3, 1E-999]");
  EXPECT_EQ(standard_json(std::string(400, '9'), ""), "null");
  EXPECT_EQ(standard_json("NaN", ""), "null");
}

TEST(JsonText, TextStaysAsItIs) {
  for (const char* text : {R"({"NaN": "NaN", "a\"NaN": "\\", "b": true})", R"("Infinity)", R"("a\)",
                           "", "[true,null]", R"({"Tücher": "✓ falten"})"}) {
    EXPECT_EQ(standard_json(text, ""), text);
  }
}

TEST(JsonText, AByteOrderMarkIsPassedOver) { EXPECT_EQ(standard_json("\xef\xbb\xbf{}", ""), "{}"); }

TEST(JsonText, WhatLiesTooDeepIsRefused) {
  EXPECT_THAT(message_of([] { standard_json(std::string(100'000, '['), "meta/info.json"); }),
              HasSubstr("meta/info.json: its JSON is nested deeper"));
  EXPECT_EQ(standard_json(std::string(90, '[') + std::string(90, ']'), "").size(), 180u);
  EXPECT_EQ(standard_json('"' + std::string(1000, '[') + '"', "").size(), 1002u);
}

TEST(LfsPointer, IsNamedWithItsRemedy) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("gyre_pointer_" + std::to_string(::getpid()) + ".json");
  EXPECT_FALSE(is_lfs_pointer(file));
  write_atomically(file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n");
  EXPECT_TRUE(is_lfs_pointer(file));
  EXPECT_THAT(message_of([&] { read_json_text(file); }), HasSubstr("git lfs pull"));
  write_atomically(file, "{}");
  EXPECT_FALSE(is_lfs_pointer(file));
  EXPECT_EQ(read_json_text(file), "{}");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace gyre::io
