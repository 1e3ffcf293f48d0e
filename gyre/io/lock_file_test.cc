#include "gyre/io/lock_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "gyre/core/testing.h"

namespace gyre::io {
namespace {

using testing::HasSubstr;

class LockFiles : public testing::Test {
 protected:
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("gyre_lock_" + std::to_string(getpid()));
  void TearDown() override { std::filesystem::remove(file_); }
};

TEST_F(LockFiles, HaveOneHolderAndNameIt) {
  std::optional<LockFile> first(std::in_place, file_, "a/folder", LockFile::AtEnd::kRemove);
  EXPECT_THAT(
      message_of([&] { const LockFile second(file_, "a/folder", LockFile::AtEnd::kRemove); }),
      HasSubstr("a/folder: process " + std::to_string(getpid()) + " writes there"));
  first.reset();
  EXPECT_FALSE(std::filesystem::exists(file_));
  { const LockFile kept(file_, "a/folder", LockFile::AtEnd::kKeep); }
  EXPECT_TRUE(std::filesystem::exists(file_));
  const LockFile again(file_, "a/folder", LockFile::AtEnd::kRemove);
}

}  // namespace
}  // namespace gyre::io
